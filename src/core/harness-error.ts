import { type ExitCode, type ExitCodeName, exitCodes } from "./exit-code.ts";

/** One thing that is wrong with a file, for programs: `--json` has all of them. */
export interface FileProblem {
  readonly file: string;
  /** From 1; null where nothing of the file could be read. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  /** RFC 6901 pointer of the value; null where the file was not understood so far. */
  readonly pointer: string | null;
}

/** What an error has to say besides its message. */
export interface HarnessErrorDetails {
  /** Stable, in kebab-case, for programs that branch on it. */
  readonly code: string;
  readonly exit: ExitCodeName;
  /** What the reader does next, as a sentence or a command. */
  readonly next: string;
  readonly cause?: unknown;
  /** What is wrong with which files, where that is what the error is about. */
  readonly problems?: readonly FileProblem[];
}

/** "Cannot go on": what happened, to which thing, what to do next. Expected outcomes are values (`Verdict`, `Measurement`), never this. */
export class HarnessError extends Error {
  readonly code: string;
  readonly exit: ExitCodeName;
  readonly exitCode: ExitCode;
  readonly next: string;
  /** What is wrong with which files; none for an error about anything else. */
  readonly problems: readonly FileProblem[];

  constructor(message: string, details: HarnessErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "HarnessError";
    this.code = details.code;
    this.exit = details.exit;
    this.exitCode = exitCodes[details.exit];
    this.next = details.next;
    this.problems = details.problems ?? [];
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system's error code (`ECONNREFUSED`, `ENOENT` …) of whatever was thrown, or null. */
export function systemCodeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return systemCodeOf(thrown.cause);
}
