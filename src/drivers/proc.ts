import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { keeperTag, runTag } from "../core/environment.ts";
import { HarnessError, systemCodeOf } from "../core/harness-error.ts";
import type { ProcessTable } from "../core/owned-target.ts";
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
  return numbered().flatMap((pid): readonly TaggedProcess[] => {
    const tag = variable(pid, runTag);
    if (tag === null || (run !== null && tag !== run)) return [];
    const current = processState(pid);
    if (current === null || current.state === "Z" || current.state === "X") return [];
    const command = (read(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
    return [{ pid, run: tag, ...current, command }];
  });
}

/** The keeper of this run, or null if none runs. What it starts inherits its tag, and has one more: those are not keepers. */
export function keeperProcess(run: string): ProcessIdentity | null {
  const pid = numbered().find((one) => variable(one, keeperTag) === run && variable(one, runTag) === null);
  const identity = pid === undefined ? null : identify(pid);
  return identity !== null && isAlive(identity) ? identity : null;
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

function numbered(): readonly number[] {
  if (process.platform !== "linux") {
    throw new HarnessError(`processes are told apart through /proc, which ${process.platform} does not have`, {
      code: "no-proc",
      exit: "unavailable",
      next: "run it on Linux, or in a Linux container",
    });
  }
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

/** A variable of a process's environment, or null if it has none by this name or is gone. */
function variable(pid: number, name: string): string | null {
  const entry = read(`/proc/${pid}/environ`)
    ?.split("\0")
    .find((one) => one.startsWith(`${name}=`));
  return entry?.slice(name.length + 1) ?? null;
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

/** The processes of this machine, as keeper and healing ask for them. */
export const processTable: ProcessTable = {
  identify,
  isAlive,
  tagged: taggedProcesses,
  keeperOf: keeperProcess,
  kill: (identity) => signalProcess(identity, "SIGKILL"),
};

/** Nodes give way to the harness by so much: a hundred that start at once must not keep it from renewing its lease or from taking a time. */
const giveWayBy = 5;
/** The keeper and the proxy go before others by so much, where that is permitted: what they do is what times are taken of. */
const goBeforeBy = 10;

/** Lets a process of ours give way to others. Harmless if it is gone. */
export function giveWay(pid: number): void {
  prioritise(pid, giveWayBy);
}

/** Lets a process of ours go before others, where that is permitted. Harmless if it is not, or if the process is gone. */
export function goBefore(pid: number): void {
  prioritise(pid, -goBeforeBy);
}

function prioritise(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
    // Where sessions are scheduled as groups (autogroup) priorities count within one only; its own counts between them.
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch (thrown) {
    // Gone already, which its exit tells; not permitted; or a kernel without such groups.
    if (systemCodeOf(thrown) === null) throw thrown;
  }
}
