import { HarnessCommand, type Outcome } from "../command.ts";
import { scenarioArguments, seriesFlags } from "../command-flags.ts";
import { planScenarios } from "../harness.ts";

export default class PlanCommand extends HarnessCommand {
  static override summary = "Show what `run` would do, and touch nothing.";
  static override description =
    "Subjects that depend on who leads when the fault comes stay symbolic; an example says who it would be if the first node led. Each action is shown with its undo, the time it takes, what the target lacks and which targets have it. Exit 69 if it lacks something.";
  static override examples = [
    "<%= config.bin %> plan leader-loss",
    "<%= config.bin %> plan leader-loss --variant cut --seed 42 --json",
    "<%= config.bin %> plan my-scenario.yaml --set hold=10s --nodes 7",
  ];
  static override strict = false;
  static override args = scenarioArguments;
  static override flags = seriesFlags;

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(PlanCommand);
    return planScenarios(argv.map(String), flags, { columns: this.columns, signal: this.signal });
  }
}
