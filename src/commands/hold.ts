import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { holdPlayground } from "../harness-holder.ts";

export default class Hold extends HarnessCommand {
  static override hidden = true;
  static override summary = "Serve as the holder of a playground. Started by `up`, never by hand.";
  static override args = { request: Args.string({ description: "What is held, as JSON.", required: true }) };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Hold);
    const residue = await holdPlayground(args.request, (line) => this.logToStderr(line), this.signal);
    return {
      exitCode: residue.length === 0 ? exitCodes.pass : exitCodes.residue,
      text: residue.join("\n"),
      json: { residue },
    };
  }
}
