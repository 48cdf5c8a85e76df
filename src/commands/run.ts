import { Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { scenarioArgument, seriesFlags } from "../command-flags.ts";
import { runScenario } from "../harness.ts";

export default class Run extends HarnessCommand {
  static override summary = "Run a scenario: start the target, break it, measure how it holds, say the verdict.";
  static override description =
    "Without --variant every variant is run, one after another, each in a folder of its own with history, report and logs. Exit: 0 all pass, 10 an expectation or check is broken, 11 not shown, 13 something could not be healed, 64 wrong call or file, 69 the target or a component is not there, 130 interrupted and healed.";
  static override examples = [
    "<%= config.bin %> run leader-loss",
    "<%= config.bin %> run leader-loss --variant kill --repeat 5",
    "<%= config.bin %> run leader-loss --variant cut --defect stale-read",
    "<%= config.bin %> run my-scenario.yaml --json > result.json",
  ];
  static override args = scenarioArgument;
  static override flags = {
    ...seriesFlags,
    out: Flags.string({ description: "Folder of the reports.", default: "reports", helpValue: "FOLDER" }),
    proxy: Flags.string({ description: "URL of a proxy's API to use instead of the built-in one.", helpValue: "URL" }),
  };

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Run);
    return runScenario(args.scenario, {
      ...flags,
      signal: this.signal,
      // Progress is for people and programs that watch: never in between what is read from standard output.
      tell: (line) => this.logToStderr(line),
    });
  }
}
