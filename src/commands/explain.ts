import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { explain } from "../harness-language.ts";

export default class Explain extends HarnessCommand {
  static override summary =
    "Explain a key of a scenario, target or defaults file, a fault's parameter, a measure, check, probe or workload.";
  static override description =
    "What it means, whether it must be there, its type, unit, bounds, default, examples, and the keys below it. * stands for a name that the author chooses; indexes of lists are left out.";
  static override examples = [
    "<%= config.bin %> explain",
    "<%= config.bin %> explain scenario.steadyState.hold",
    "<%= config.bin %> explain target.operations.*.definite",
    "<%= config.bin %> explain fault.isolate.mode",
    "<%= config.bin %> explain failover.time --json",
  ];
  static override args = { key: Args.string({ description: "What is to be explained; what there is, unless given." }) };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Explain);
    return explain(args.key ?? null);
  }
}
