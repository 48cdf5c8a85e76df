import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { show } from "../harness-show.ts";

export default class Show extends HarnessCommand {
  static override summary = "Show one thing by its name: a scenario, target, fault, probe, measure, check or workload.";
  static override examples = [
    "<%= config.bin %> show leader-loss",
    "<%= config.bin %> show isolate",
    "<%= config.bin %> show reference --json",
  ];
  static override args = {
    name: Args.string({ description: "Its name, or the file of a scenario or target.", required: true }),
  };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Show);
    return show(args.name);
  }
}
