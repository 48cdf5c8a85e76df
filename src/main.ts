import { type Config, Errors, flush, handle, run } from "@oclif/core";
import { exitCodes } from "./core/exit-code.ts";

/** The command line: runs the command that the arguments name. Sets the exit code; does not end the process while something is under way. */
export async function main(entry: string | Config, args: readonly string[]): Promise<void> {
  try {
    await run([...args], entry);
    await flush();
  } catch (thrown) {
    // What a command throws on purpose was told by its base class; what gets here is oclif's: help (0), an unknown command or flag.
    if (thrown instanceof Errors.ExitError) {
      process.exitCode = thrown.oclif.exit ?? exitCodes.pass;
      return;
    }
    if (thrown instanceof Errors.CLIError) thrown.oclif.exit = exitCodes.usage;
    await handle(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}
