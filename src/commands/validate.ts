import { Args, Flags } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { fileKinds, validateFiles } from "../harness-files.ts";

export default class Validate extends HarnessCommand {
  static override summary =
    "Say of files whether they are valid scenarios, targets, policies or defaults: every problem, its place, its fix.";
  static override description =
    "What a file is stands in its first line ($schema=…), else its keys tell. Nothing is started. Exit 64 if any is not valid, or none is given.";
  static override examples = [
    "<%= config.bin %> validate my-scenario.yaml",
    "<%= config.bin %> validate chaos/*.yaml --json",
    "cat my-target.yaml | <%= config.bin %> validate - --as target",
  ];
  // Several files: oclif knows no argument that repeats, so that they are taken as they come.
  static override strict = false;
  static override args = { file: Args.string({ description: "A file, several, or - for standard input." }) };
  static override flags = {
    as: Flags.option({ description: "What the files are, whatever they say.", options: fileKinds })(),
  };

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(Validate);
    return validateFiles(argv.map(String), flags.as ?? null);
  }
}
