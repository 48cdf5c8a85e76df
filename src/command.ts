import { Command } from "@oclif/core";
import { type ExitCode, exitCodes } from "./core/exit-code.ts";
import { mayRedraw } from "./core/environment.ts";
import type { Terminal } from "./core/terminal.ts";
import { errorText, type ToldError, toldError } from "./command-error.ts";

/** Signals that end a run, with the exit code that says so. */
const endings: Readonly<Record<string, ExitCode>> = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hangup,
};

/** What a command came to: its exit code, what it says, and the same as JSON for `--json`. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** What is printed on standard output without `--json`. */
  readonly text: string;
  readonly json: unknown;
}

/** The base of every command: one exit-code table, `--json`, one place where signals become an abort, errors that say what to do next. */
export abstract class HarnessCommand extends Command {
  static override enableJsonFlag = true;

  /** Aborts at the first SIGINT, SIGTERM or SIGHUP; its reason is the exit code. */
  readonly #interruption = new AbortController();

  protected get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Where progress goes: standard error, so that it is never in between what is read from standard output. */
  protected get terminal(): Terminal {
    const { stderr } = process;
    return {
      write: (text) => void stderr.write(text),
      isLive: stderr.isTTY && mayRedraw(),
      columns: () => (stderr.isTTY ? stderr.columns : Infinity),
    };
  }

  /** Width of the window that results are printed in; Infinity where there is none. */
  protected get columns(): number {
    return process.stdout.isTTY ? process.stdout.columns : Infinity;
  }

  /** Does the command's work. */
  protected abstract work(): Promise<Outcome>;

  override async run(): Promise<unknown> {
    const stop = (name: string): void => {
      // Over a line that is being redrawn, not behind it.
      if (this.terminal.isLive) process.stderr.write("\r\u001b[2K");
      if (this.signal.aborted) this.logToStderr("Still healing; this has its own time limit and ends by itself.");
      else this.logToStderr(`${name}: stopping and healing what is in force.`);
      this.#interruption.abort(new Interrupted(endings[name] ?? exitCodes.interrupted));
    };
    const listeners = Object.keys(endings).map((name) => [name, () => stop(name)] as const);
    for (const [name, listener] of listeners) process.on(name, listener);
    try {
      const outcome = await this.work();
      process.exitCode = outcome.exitCode;
      if (outcome.text !== "") this.log(outcome.text);
      return outcome.json;
    } finally {
      for (const [name, listener] of listeners) process.off(name, listener);
    }
  }

  override async catch(thrown: Error & { exitCode?: number }): Promise<unknown> {
    // Arguments that were refused were parsed; oclif would warn that nobody did.
    this.parsed = true;
    const told = this.#told(thrown);
    process.exitCode = told.exitCode;
    if (this.jsonEnabled()) this.logJson({ error: told });
    else this.logToStderr(errorText(told));
    return undefined;
  }

  #told(thrown: unknown): ToldError {
    if (thrown instanceof Interrupted) {
      const next = "run the command again; `prism-chaos status` shows whether anything is left";
      return { message: "interrupted and healed", code: "interrupted", exitCode: thrown.exitCode, next };
    }
    const { args, baseFlags, flags } = this.ctor;
    const command = (this.id ?? "").replaceAll(":", " ");
    return toldError(thrown, { command, argv: this.argv, args, flags: { ...baseFlags, ...flags } });
  }
}

/** Why the signal of a command aborted. */
export class Interrupted extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super("interrupted");
    this.name = "Interrupted";
    this.exitCode = exitCode;
  }
}
