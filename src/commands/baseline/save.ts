import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../../command.ts";
import { saveBaseline } from "../../harness-compare.ts";

export default class BaselineSave extends HarnessCommand {
  static override summary = "Keep the runs of a folder as what later ones are held against.";
  static override description =
    "Writes each run's values and the conditions under which it was made, sealed, to baselines/NAME.json; commit it beside the code. A baseline of five runs a variant tells of large differences only: `compare` says how many it would take.";
  static override examples = [
    "<%= config.bin %> baseline save",
    "<%= config.bin %> baseline save reports --name release-1.4",
  ];
  static override args = {
    folder: Args.string({ description: "Folder of reports, a run, or a chaos_<class>.json; reports unless said." }),
  };
  static override flags = {
    name: Flags.string({ description: "What it is called.", default: "main" }),
    output: Flags.string({ description: "Where it is written; baselines/NAME.json unless said.", helpValue: "FILE" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(BaselineSave);
    return saveBaseline(args.folder, flags);
  }
}
