import { Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { scenarioArguments, seriesFlags } from "../command-flags.ts";
import { planJobs } from "../harness-jobs.ts";
import { planScenarios } from "../harness.ts";

export default class PlanCommand extends HarnessCommand {
  static override summary = "Show what `run` would do, and touch nothing.";
  static override description =
    "Subjects that depend on who leads when the fault comes stay symbolic; an example says who it would be if the first node led. Each action is shown with its undo, the time it takes, what the target lacks and which targets have it. Exit 69 if it lacks something.";
  static override examples = [
    "<%= config.bin %> plan leader-loss",
    "<%= config.bin %> plan leader-loss --variant cut --seed 42 --json",
    "<%= config.bin %> plan my-scenario.yaml --set hold=10s --nodes 7",
    "<%= config.bin %> plan --all --tag api",
    "<%= config.bin %> plan --all --seed 42 --jobs --apart api",
  ];
  static override strict = false;
  static override args = scenarioArguments;
  static override flags = {
    ...seriesFlags,
    jobs: Flags.boolean({
      description: "Print, in one line of JSON, which scenarios each class has, for the jobs of a workflow.",
    }),
    apart: Flags.string({
      description: "With --jobs: a tag whose scenarios a job of their own carries, instead of their classes' jobs.",
      helpValue: "TAG",
      dependsOn: ["jobs"],
    }),
  };

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(PlanCommand);
    if (flags.jobs) return planJobs(argv.map(String), { ...flags, apart: flags.apart ?? null }, this.signal);
    return planScenarios(argv.map(String), flags, { columns: this.columns, signal: this.signal });
  }
}
