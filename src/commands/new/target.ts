import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../../command.ts";
import { newFileFlags } from "../../command-flags.ts";
import { newFile } from "../../harness-new.ts";

export default class NewTarget extends HarnessCommand {
  static override summary =
    "Write a target to begin with: the reference swarm, with comments on what to change for another system.";
  static override description =
    "The file is commented, and editors that know YAML schemas complete and check it. Nothing is overwritten.";
  static override examples = [
    "<%= config.bin %> new target my-target",
    "<%= config.bin %> new target my-target --out chaos/my-target.yaml",
  ];
  static override args = {
    name: Args.string({ description: "Its name: lower-case letters, digits and hyphens.", required: true }),
  };
  static override flags = newFileFlags;

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(NewTarget);
    return newFile({ kind: "target", name: args.name, out: flags.out, force: flags.force });
  }
}
