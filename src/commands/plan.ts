import { HarnessCommand, type Outcome } from "../command.ts";
import { scenarioArgument, seriesFlags } from "../command-flags.ts";
import { planScenario } from "../harness.ts";

export default class PlanCommand extends HarnessCommand {
  static override summary = "Show what `run` would do, and touch nothing.";
  static override description =
    "Subjects that depend on who leads when the fault comes stay symbolic; an example says who it would be if the first node led. Exit 69 if the target lacks something.";
  static override examples = [
    "<%= config.bin %> plan leader-loss",
    "<%= config.bin %> plan leader-loss --variant cut --seed 42 --json",
  ];
  static override args = scenarioArgument;
  static override flags = seriesFlags;

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(PlanCommand);
    return planScenario(args.scenario, flags);
  }
}
