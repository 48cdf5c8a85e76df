import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { everyProcessOf } from "./processes.ts";

// Looks at the system by itself: what the harness says of what it left is what is tested, so its own look cannot be the judge.

/** What is left of a run, each in words: processes (stopped ones too), listeners that it had, cgroups and mounts that carry its name. */
export function residueOf(run: string, listeners: ReadonlySet<string>): readonly string[] {
  return [
    ...everyProcessOf(run).map((pid) => `process ${pid} (${stateOf(pid)})`),
    ...[...listening()].filter((inode) => listeners.has(inode)).map((inode) => `listener ${inode}`),
    ...cgroupsOf(run).map((path) => `cgroup ${path}`),
    ...mountsOf(run).map((line) => `mount ${line}`),
  ];
}

/** Inodes of the sockets on which processes of a run listen now. */
export function listenersOf(run: string): ReadonlySet<string> {
  const all = listening();
  return new Set(everyProcessOf(run).flatMap((pid) => socketsOf(pid).filter((inode) => all.has(inode))));
}

/** Inodes of every TCP socket of this machine that listens. */
function listening(): ReadonlySet<string> {
  const lines = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => textOf(file).split("\n").slice(1));
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(fields.filter(([, , , state]) => state === "0A").map((parts) => parts[9] ?? ""));
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, fd)))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

function cgroupsOf(run: string): readonly string[] {
  const root = "/sys/fs/cgroup";
  const controllers = namesIn(root).map((name) => join(root, name));
  return [root, ...controllers].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.includes(run))
      .map((name) => join(folder, name))
      .filter((path) => existsSync(path) && statSync(path).isDirectory()),
  );
}

function mountsOf(run: string): readonly string[] {
  return textOf("/proc/self/mounts")
    .split("\n")
    .filter((line) => line.includes(run));
}

function stateOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(")") + 2).charAt(0);
  return state === "T" ? "stopped" : state;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
