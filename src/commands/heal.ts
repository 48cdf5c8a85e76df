import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { exitCodes } from "../core/exit-code.ts";
import { healLeftBehind } from "../harness.ts";
import { healByHand } from "../harness-playground.ts";

export default class Heal extends HarnessCommand {
  static override summary =
    "Take back what is in force by hand, and what a run left behind, from its journal and its tag. As often as wanted.";
  static override examples = [
    "<%= config.bin %> heal",
    "<%= config.bin %> heal isolate",
    "<%= config.bin %> heal 20261120-141503-leader-loss-kill-1-3f9a",
  ];
  static override args = {
    what: Args.string({ description: "A fault of a playground, or the run to heal; everything unless said." }),
  };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Heal);
    const what = args.what ?? null;
    const byHand = await healByHand(what);
    const healings = what !== null && byHand.length > 0 ? [] : await healLeftBehind(what);
    const isClean = healings.every(({ residue }) => residue.length === 0);
    const lines = [
      ...byHand.map((fault) => `healed  ${fault}`),
      ...healings.map(({ run, actions, processes, residue }) =>
        residue.length === 0
          ? `healed  ${run}: ${actions} open actions, ${processes} processes ended`
          : `LEFT    ${run}: ${residue.join("; ")}`,
      ),
    ];
    return {
      exitCode: isClean ? exitCodes.pass : exitCodes.residue,
      text: lines.length === 0 ? "Nothing was left behind." : lines.join("\n"),
      json: { clean: isClean, healed: healings, byHand },
    };
  }
}
