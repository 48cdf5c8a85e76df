import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { compareRuns } from "../harness-compare.ts";

export default class Compare extends HarnessCommand {
  static override summary = "Hold runs against earlier ones: what is worse, what is better, what cannot be told.";
  static override description =
    "Compares each measure that the scenario expects something of, and how many runs passed, repetition by repetition (Mann-Whitney, exact; shift by Hodges and Lehmann; Holm over all comparisons). Worse is what chance would hardly bring and what shifts by more than --effect of the base's median and more than it could be measured to. What was run otherwise (another target, size, load, parameter, platform …) is refused. Exit: 0 nothing is worse, 14 something is (a regression), 11 too few runs to tell, none on one side, or the same on both, 12 the runs are not alike or cannot be believed, 64 wrong call.";
  static override examples = [
    "<%= config.bin %> compare main",
    "<%= config.bin %> compare baselines/main.json reports",
    "<%= config.bin %> compare reports-before reports-after --json",
    "<%= config.bin %> compare main reports --accept platform --effect 20%",
  ];
  static override args = {
    base: Args.string({
      required: true,
      description: "A baseline by name or file, a folder of reports, a run, or a chaos_<class>.json.",
    }),
    head: Args.string({ description: "What is held against it; reports unless said." }),
  };
  static override flags = {
    alpha: Flags.string({
      description: "How often chance may say worse of what is the same, over all comparisons.",
      helpValue: "SHARE",
      default: "0.05",
    }),
    effect: Flags.string({
      description: "Smaller shifts of the base's median are none.",
      helpValue: "PERCENT",
      default: "10%",
    }),
    accept: Flags.string({
      description: "A condition that may differ, as platform; may be given several times.",
      multiple: true,
      default: [],
    }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Compare);
    return compareRuns(args.base, args.head, { ...flags, columns: this.columns });
  }
}
