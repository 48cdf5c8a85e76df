import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

// Looks at /proc by itself: what the harness says about its processes is what is tested, so its own look cannot be the judge.

/** Pids of the nodes and the proxy of a run: what carries `PRISM_CHAOS_RUN=<run>` in its environment. */
export function processesOf(run: string): readonly number[] {
  return carrying(`PRISM_CHAOS_RUN=${run}`);
}

/** Pid of the keeper of a run, or null. What the keeper starts inherits its tag, and has one more. */
export function keeperOf(run: string): number | null {
  const started = processesOf(run);
  return carrying(`PRISM_CHAOS_KEEPER=${run}`).find((pid) => !started.includes(pid)) ?? null;
}

/** Pids of everything that a run started, its keeper too. */
export function everyProcessOf(run: string): readonly number[] {
  return [...new Set([...processesOf(run), ...carrying(`PRISM_CHAOS_KEEPER=${run}`)])];
}

/** Ends exactly this process at once; one that is gone already is none to end. */
export function endProcess(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH")) throw thrown;
  }
}

/**
 * A process that stands for the keeper of a run that a test keeps in its own process: runs on the same machine see by it that somebody looks
 * after the nodes, and take them for a neighbour's. It ends with the test.
 */
export function standInKeeper(run: string): { end(): void } {
  const env = { ...process.env, PRISM_CHAOS_KEEPER: run };
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { env, stdio: ["pipe", "ignore", "ignore"] });
  return { end: () => void child.kill("SIGKILL") };
}

function carrying(variable: string): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => textOf(`/proc/${entry}/environ`).split("\0").includes(variable))
    .filter((entry) => isRunning(textOf(`/proc/${entry}/stat`)))
    .map(Number);
}

/** A dead process that nobody has collected yet is still in the table, in state Z. */
function isRunning(stat: string): boolean {
  return !["", "Z", "X"].includes(stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3));
}

/** Empty for a process that is gone meanwhile, and for another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
