import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { playgroundStandings, standingText } from "../harness-playground.ts";

export default class Ps extends HarnessCommand {
  static override summary = "Show the playgrounds that stand: their nodes, who leads, and which faults are in force.";
  static override examples = ["<%= config.bin %> ps", "<%= config.bin %> ps --json"];

  protected async work(): Promise<Outcome> {
    await this.parse(Ps);
    const standings = await playgroundStandings();
    return {
      exitCode: exitCodes.pass,
      text: standings.length === 0 ? "No playground stands. Start one: prism-chaos up" : standingText(standings),
      json: { playgrounds: standings },
    };
  }
}
