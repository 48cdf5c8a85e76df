import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { healLeftBehind } from "../harness.ts";

export default class Heal extends HarnessCommand {
  static override summary = "Take back what a run left behind, from its journal and its tag. As often as wanted.";
  static override examples = [
    "<%= config.bin %> heal",
    "<%= config.bin %> heal 20261120-141503-leader-loss-kill-1-3f9a",
  ];
  static override args = {
    run: Args.string({ description: "The run to heal; all that were left behind unless said." }),
  };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Heal);
    const healings = await healLeftBehind(args.run ?? null);
    const isClean = healings.every(({ residue }) => residue.length === 0);
    const lines = healings.map(({ run, actions, processes, residue }) =>
      residue.length === 0
        ? `healed  ${run}: ${actions} open actions, ${processes} processes ended`
        : `LEFT    ${run}: ${residue.join("; ")}`,
    );
    return {
      exitCode: isClean ? exitCodes.pass : exitCodes.residue,
      text: lines.length === 0 ? "Nothing was left behind." : lines.join("\n"),
      json: { clean: isClean, healed: healings },
    };
  }
}
