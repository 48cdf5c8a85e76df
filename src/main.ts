import { fileURLToPath } from "node:url";
import { type Config, Errors, run } from "@oclif/core";
import { errorText, toldError, unknownCommand } from "./command-error.ts";
import { exitCodes } from "./core/exit-code.ts";
import { systemCodeOf } from "./core/harness-error.ts";

/** The command line: runs the command that the arguments name. Sets the exit code; does not end the process while something is under way. */
export async function main(entry: string | Config, args: readonly string[]): Promise<void> {
  outliveTerminal();
  try {
    await run([...args], entry);
    await allWritten();
  } catch (thrown) {
    // What a command throws was told by its base class; what gets here is oclif's: help (0), an unknown command.
    if (thrown instanceof Errors.ExitError) {
      process.exitCode = thrown.oclif.exit ?? exitCodes.pass;
      return;
    }
    const isUnknown = thrown instanceof Errors.CLIError;
    const told = toldError(
      isUnknown ? await unknownCommand(typeof entry === "string" ? fileURLToPath(entry) : entry.root, args) : thrown,
      null,
    );
    process.exitCode = told.exitCode;
    if (args.includes("--json")) process.stdout.write(`${JSON.stringify({ error: told }, null, 2)}\n`);
    else process.stderr.write(`${errorText(told)}\n`);
  }
}

/** Resolves when standard output has taken all, or is gone: of a reader that left no `drain` comes, which oclif's `flush` waits for until Node ends with 13. */
function allWritten(): Promise<void> {
  return new Promise((resolve) => void process.stdout.write("", () => resolve()));
}

/** A terminal that was closed (EIO) and a pipe that nobody reads any more (EPIPE) must not end a run that has to heal. */
function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (thrown) => {
      const code = systemCodeOf(thrown);
      if (code !== "EIO" && code !== "EPIPE") throw thrown;
    });
  }
}
