import { readdirSync, readFileSync } from "node:fs";
import { runTag } from "../core/environment.ts";
import { systemCodeOf } from "../core/harness-error.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";

/** A process that carries the tag of a run. */
export interface TaggedProcess extends ProcessIdentity {
  readonly run: string;
  /** One letter, as in /proc/PID/stat: R, S, D, T (stopped), Z (dead, not yet collected) … */
  readonly state: string;
  readonly command: string;
}

/** State letter and start time of a process, or null if there is none with this pid. */
export function processState(pid: number): { readonly state: string; readonly startTime: number } | null {
  const text = read(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces and parentheses itself, so fields are counted from the last one.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[0];
  const startTime = Number(fields?.[19]);
  return state === undefined || !Number.isFinite(startTime) ? null : { state, startTime };
}

/** The identity of a running process, or null if it is gone. */
export function identify(pid: number): ProcessIdentity | null {
  const found = processState(pid);
  return found === null ? null : { pid, startTime: found.startTime };
}

/** Whether exactly this process still runs (a zombie does not). */
export function isAlive(identity: ProcessIdentity): boolean {
  const found = processState(identity.pid);
  return found !== null && found.startTime === identity.startTime && found.state !== "Z" && found.state !== "X";
}

/** Every process of this user that carries the tag of this run, found in its environment, not by its name. Null: of any run. */
export function taggedProcesses(run: string | null): readonly TaggedProcess[] {
  const found: TaggedProcess[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const tag = read(`/proc/${entry}/environ`)
      ?.split("\0")
      .find((variable) => variable.startsWith(`${runTag}=`))
      ?.slice(runTag.length + 1);
    if (tag === undefined || (run !== null && tag !== run)) continue;
    const pid = Number(entry);
    const current = processState(pid);
    if (current === null || current.state === "Z" || current.state === "X") continue;
    const command = (read(`/proc/${entry}/cmdline`) ?? "").replaceAll("\0", " ").trim();
    found.push({ pid, run: tag, ...current, command });
  }
  return found;
}

/** Sends a signal to exactly this process; false if it is gone already. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ESRCH") return false;
    throw thrown;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    // Gone meanwhile, or another user's: either way none of ours.
    const code = systemCodeOf(thrown);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return null;
    throw thrown;
  }
}
