import { HarnessCommand, type Outcome } from "../command.ts";
import { completions } from "../core/completion.ts";
import { exitCodes } from "../core/exit-code.ts";
import { namesFor } from "../harness-completion.ts";

export default class Complete extends HarnessCommand {
  static override hidden = true;
  static override summary = "Print what may stand for the last of these words. Asked by shells, never by hand.";
  static override strict = false;

  protected async work(): Promise<Outcome> {
    const { argv } = await this.parse(Complete);
    const commands = this.config.commands.filter(({ hidden }) => !hidden);
    const found = completions(argv.map(String), {
      names: namesFor,
      commands: commands.map(({ id, flags, args }) => ({
        words: id.split(":"),
        flags: Object.fromEntries(
          Object.entries(flags).map(([name, flag]) => {
            const options = flag.type === "option" ? (flag.options ?? []) : [];
            return [name, { takesValue: flag.type === "option", options }] as const;
          }),
        ),
        args: Object.entries(args).map(([name, { options = [] }]) => ({ name, options })),
      })),
    });
    return { exitCode: exitCodes.pass, text: found.join("\n"), json: found };
  }
}
