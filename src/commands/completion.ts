import { Args } from "@oclif/core";
import { HarnessCommand, type Outcome } from "../command.ts";
import { completionScripts, shells } from "../core/completion.ts";
import { exitCodes } from "../core/exit-code.ts";

export default class Completion extends HarnessCommand {
  static override summary = "Print the script that makes a shell complete commands, flags, their values and names.";
  static override examples = [
    'eval "$(<%= config.bin %> completion bash)"',
    'eval "$(<%= config.bin %> completion zsh)"',
    "<%= config.bin %> completion fish | source",
  ];
  static override args = { shell: Args.string({ description: "The shell.", options: [...shells], required: true }) };

  protected async work(): Promise<Outcome> {
    const { args } = await this.parse(Completion);
    const shell = shells.find((one) => one === args.shell) ?? "bash";
    const script = completionScripts[shell];
    return { exitCode: exitCodes.pass, text: script, json: { shell, script } };
  }
}
