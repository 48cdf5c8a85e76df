import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../../command.ts";
import { newFileFlags } from "../../command-flags.ts";
import { newFile } from "../../harness-new.ts";

export default class NewScenario extends HarnessCommand {
  static override summary = "Write a scenario to begin with: valid, commented, ready to run.";
  static override description =
    "The file is commented, and editors that know YAML schemas complete and check it. Nothing is overwritten.";
  static override examples = [
    "<%= config.bin %> new scenario my-scenario",
    "<%= config.bin %> new scenario my-scenario --out chaos/my-scenario.yaml",
  ];
  static override args = {
    name: Args.string({ description: "Its name: lower-case letters, digits and hyphens.", required: true }),
  };
  static override flags = newFileFlags;

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(NewScenario);
    return newFile({ kind: "scenario", name: args.name, out: flags.out, force: flags.force });
  }
}
