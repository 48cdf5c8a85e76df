import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { takeDown } from "../harness-playground.ts";

export default class Down extends HarnessCommand {
  static override summary = "Heal and take down what `up` started: one playground by its name, or all.";
  static override examples = ["<%= config.bin %> down", "<%= config.bin %> down playground-1f0e3dad"];
  static override args = { playground: Args.string({ description: "Its name; all unless said." }) };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Down);
    const taken = await takeDown(args.playground ?? null, this.signal);
    const isClean = taken.every(({ residue }) => residue.length === 0);
    const lines = taken.map(({ id, residue }) =>
      residue.length === 0 ? `${id} was healed and taken down.` : `LEFT  ${id}: ${residue.join("; ")}`,
    );
    return {
      exitCode: isClean ? exitCodes.pass : exitCodes.residue,
      text: lines.length === 0 ? "No playground stands." : lines.join("\n"),
      json: { clean: isClean, down: taken },
    };
  }
}
