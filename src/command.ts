import { Command } from "@oclif/core";
import { type ExitCode, exitCodes } from "./core/exit-code.ts";
import { githubStep, mayRedraw } from "./core/environment.ts";
import { inert, inertJson } from "./core/inert.ts";
import type { Terminal } from "./core/terminal.ts";
import type { Unfinished } from "./core/unfinished.ts";
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
  #signals = 0;
  #unfinished: () => Unfinished | null = () => null;

  protected get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Is told how to find out what is under way, for whoever sends a second signal. */
  protected tellUnfinished(tell: () => Unfinished | null): void {
    this.#unfinished = tell;
  }

  /** Where progress goes: standard error, so that it is never in between what is read from standard output. */
  protected get terminal(): Terminal {
    const { stderr } = process;
    return {
      write: (text) => void stderr.write(inert(text)),
      isLive: stderr.isTTY && mayRedraw(),
      columns: () => (stderr.isTTY ? stderr.columns : Infinity),
    };
  }

  /** Tells whoever reads the log of a step: on standard error, as it is. */
  protected readonly tellLog = (text: string): void => void process.stderr.write(text);

  /** Width of the window that results are printed in; Infinity where there is none. */
  protected get columns(): number {
    return process.stdout.isTTY ? process.stdout.columns : Infinity;
  }

  /** What the first signal is answered with: what happens now. */
  protected get stopping(): string {
    return "stopping and healing what is in force.";
  }

  /** What is told once a signal has ended the call, and what to do then. */
  protected get stopped(): { readonly message: string; readonly next: string } {
    const next = "run the command again; `prism-chaos status` shows whether anything is left";
    return { message: "interrupted and healed", next };
  }

  /** Does the command's work. */
  protected abstract work(): Promise<Outcome>;

  override async run(): Promise<unknown> {
    const stop = (name: string): void => this.#stop(name);
    const listeners = Object.keys(endings).map((name) => [name, () => stop(name)] as const);
    for (const [name, listener] of listeners) process.on(name, listener);
    try {
      const outcome = await this.work();
      process.exitCode = outcome.exitCode;
      if (outcome.text !== "") this.log(inert(outcome.text));
      return outcome.json;
    } finally {
      for (const [name, listener] of listeners) process.off(name, listener);
    }
  }

  /** The first signal stops and heals, the second tells what is still to be done, and only the third leaves; the keeper then heals alone. */
  #stop(name: string): void {
    this.#signals += 1;
    // Over a line that is being redrawn, not behind it.
    if (this.terminal.isLive) process.stderr.write("\r\u001b[2K");
    const left = this.#unfinished();
    if (this.#signals === 1) this.#say(`${name}: ${this.stopping}`);
    else if (left === null) this.#say("Still healing; this has its own time limit and ends by itself.");
    else if (this.#signals === 2) this.#say(`${left.text}. Once more leaves it to the keeper.`);
    else {
      this.#say(`Left while healing was under way: the keeper goes on by itself. Make sure: ${left.command}`);
      // eslint-disable-next-line unicorn/no-process-exit -- Whoever signals a third time is not to wait for anything.
      process.exit(exitCodes.residue);
    }
    this.#interruption.abort(new Interrupted(endings[name] ?? exitCodes.interrupted));
  }

  /** On standard error, also where standard output is one JSON document: signals come from people. */
  #say(line: string): void {
    this.terminal.write(`${line}\n`);
  }

  /** One document; in a step nothing in it is a command for whoever reads the log. */
  protected override logJson(json: unknown): void {
    if (githubStep().isActions) process.stdout.write(`${inertJson(JSON.stringify(json, null, 2))}\n`);
    else super.logJson(json);
  }

  override async catch(thrown: Error & { exitCode?: number }): Promise<unknown> {
    // Arguments that were refused were parsed; oclif would warn that nobody did.
    this.parsed = true;
    const told = this.#told(thrown);
    process.exitCode = told.exitCode;
    if (this.jsonEnabled()) this.logJson({ error: told });
    else this.logToStderr(inert(errorText(told)));
    return undefined;
  }

  #told(thrown: unknown): ToldError {
    if (thrown instanceof Interrupted) {
      return { ...this.stopped, code: "interrupted", exitCode: thrown.exitCode };
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
