import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcess, everyProcessOf } from "./processes.ts";
import { eventually } from "./eventually.ts";
import { type RunFolder, runFolders } from "./run-folder.ts";

/** The root of this package. */
export const packageRoot = join(import.meta.dirname, "..", "..");

/** How a call of the command line ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of the command line that is under way. */
export interface Call {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has said on standard error so far. */
  told(): string;
  /** What it has said on standard output so far. */
  said(): string;
  /** Reads no more of what it says, and closes the pipes, as `| head` does. */
  stopReading(): void;
  /** False if it is over already. */
  kill(signal: NodeJS.Signals): boolean;
}

/** Where a call is made: its folder, this package's unless said, and what is added to its environment. */
interface Surroundings {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What runs of tests come to is nothing for the step that they run in. */
const noStep = { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "" };

/** A temporary folder with a state folder, an index and reports of its own. Its disposal ends what its runs left, and removes it. */
export class Workplace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "prism-chaos-test-"));
  /** The folder of reports. */
  readonly out = join(this.folder, "reports");
  readonly #calls: Call[] = [];

  /** Starts the compiled program with these arguments. */
  start(...args: readonly string[]): Call {
    return this.startIn({}, ...args);
  }

  /** The same from another folder, or with more in its environment. */
  startIn({ cwd = packageRoot, environment = {} }: Surroundings, ...args: readonly string[]): Call {
    const child = spawn(process.execPath, [join(packageRoot, "bin", "run.js"), ...args], {
      cwd,
      env: { ...process.env, ...noStep, XDG_STATE_HOME: join(this.folder, "state"), NO_COLOR: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
    const stopReading = (): void => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const kill = (signal: NodeJS.Signals): boolean => child.kill(signal);
    const call: Call = { pid: child.pid ?? 0, ended, told: () => stderr, said: () => stdout, stopReading, kill };
    this.#calls.push(call);
    return call;
  }

  /** Runs it to its end. */
  call(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Runs it to its end from another folder, or with more in its environment. */
  callIn(surroundings: Surroundings, ...args: readonly string[]): Promise<Ended> {
    return this.startIn(surroundings, ...args).ended;
  }

  /** Starts a run whose reports lie here, and whose `--json` goes to standard output. */
  startRun(...args: readonly string[]): Call {
    return this.start("run", ...args, "--out", this.out, "--json");
  }

  /** Folders of the runs that were started here, oldest first. */
  runs(): readonly RunFolder[] {
    return runFolders(this.out);
  }

  /** Files of the index of open runs here. */
  openRuns(): readonly string[] {
    const index = join(this.folder, "state", "prism-chaos", "runs");
    return existsSync(index) ? readdirSync(index) : [];
  }

  /** The folder of the first run, as soon as there is one. */
  firstRun(): Promise<RunFolder> {
    return eventually(() => this.runs()[0] ?? null, { limitMs: 10_000, what: "a run's folder" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const call of this.#calls) call.kill("SIGKILL");
    await Promise.all(this.#calls.map(({ ended }) => ended));
    for (const { run } of this.runs()) {
      for (const pid of everyProcessOf(run)) endProcess(pid);
      await eventually(() => everyProcessOf(run).length === 0, { limitMs: 5000, what: `the end of ${run}` });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Standard output as the one JSON document that it must be; throws if it is anything else. */
export function onlyJson({ stdout }: Ended): unknown {
  return JSON.parse(stdout);
}
