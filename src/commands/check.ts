import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { checkAgain } from "../harness-check.ts";

export default class Check extends HarnessCommand {
  static override summary = "Judge a stored run again, from its plan and history alone. No target is needed.";
  static override description =
    "Computes every measurement and verdict anew and compares them with report.json, and every file of the folder with manifest.json. Exit 12 if they differ: the report is not what the history shows, or a file was altered, added or taken away. Else the exit code of the run; 11 where there is no manifest.";
  static override examples = ["<%= config.bin %> check reports/20261120-141503-leader-loss-kill-1-3f9a"];
  static override args = { run: Args.string({ description: "The run's folder.", required: true }) };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Check);
    return checkAgain(args.run, this.columns);
  }
}
