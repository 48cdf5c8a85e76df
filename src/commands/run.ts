import { Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { scenarioArguments, seriesFlags } from "../command-flags.ts";
import { tellGithub } from "../harness-github.ts";
import { runScenarios } from "../harness.ts";

export default class Run extends HarnessCommand {
  static override summary = "Run scenarios: start the target, break it, measure how it holds, say the verdict.";
  static override description =
    "Without --variant every variant is run, one after another, each in a folder of its own with history, report and logs. Exit: 0 all pass, 10 an expectation or check is broken, 11 not shown, 13 something could not be healed, 64 wrong call or file, 69 the target or a component is not there, 130 interrupted and healed.";
  static override examples = [
    "<%= config.bin %> run leader-loss",
    "<%= config.bin %> run leader-loss --variant kill --repeat 5",
    "<%= config.bin %> run leader-loss --set hold=10s --timeout 5m",
    "<%= config.bin %> run leader-loss --variant cut --defect stale-read",
    "<%= config.bin %> run leader-loss --variant cut --proxy toxiproxy",
    "<%= config.bin %> run --all --profile full",
    "<%= config.bin %> run my-scenario.yaml --json > result.json",
  ];
  static override strict = false;
  static override args = scenarioArguments;
  static override flags = {
    ...seriesFlags,
    "seal-key-file": Flags.string({
      description:
        "Seal the manifests with this key (a file, never its value), as `seal` does; without it the one that PRISM_CHAOS_SEAL_KEY_FILE names.",
      helpValue: "FILE",
    }),
    out: Flags.string({ description: "Folder of the reports; reports unless said.", helpValue: "FOLDER" }),
  };

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(Run);
    const outcome = await runScenarios(argv.map(String), {
      ...flags,
      sealKeyFile: flags["seal-key-file"],
      signal: this.signal,
      onUnderway: (tell) => this.tellUnfinished(tell),
      terminal: this.terminal,
      columns: this.columns,
    });
    tellGithub(outcome, { write: this.tellLog, annotates: true });
    return outcome;
  }
}
