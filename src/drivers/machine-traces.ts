import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { systemClock } from "../core/clock.ts";
import { type MachineTraces, runOfTrace, type Trace, traceName } from "../core/machine-traces.ts";
import { until } from "../core/wait.ts";
import { removeCgroup } from "./cgroup.ts";
import { cgroupRoots, cgroupTexts } from "./cgroup-places.ts";

/** A cgroup of ours lies below that of whoever started the run: so deep is looked. */
const deepest = 12;
const unmountLimitMs = 5000;
const clearLimitMs = 5000;

/** Cgroups and mounts of runs on this machine, found by their names alone. */
export const machineTraces: MachineTraces = {
  find: (run) =>
    [...mounts(run), ...cgroups(run)].map(({ run: of, kind, path }): Trace => ({ run: of, what: `${kind} ${path}` })),
  // A process that has just been killed may hold on to both for a moment yet.
  clear: async (run, signal) => {
    const isGone = (): boolean => {
      for (const { path } of mounts(run)) spawnSync("umount", [path], { timeout: unmountLimitMs, stdio: "ignore" });
      for (const { path } of cgroups(run)) removeCgroup(path);
      return mounts(run).length + cgroups(run).length === 0;
    };
    await until(isGone, { clock: systemClock, signal, limitMs: clearLimitMs, everyMs: 20 });
  },
};

interface Found {
  readonly run: string;
  readonly kind: "cgroup" | "mount";
  readonly path: string;
}

/** Newest first, so that what lies on another goes before it. The name of a run stands where others have a device. */
function mounts(wanted: string | null): readonly Found[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const found = lines.flatMap((line): readonly Found[] => {
    const [before = "", behind = ""] = line.split(" - ", 2);
    const run = runOfTrace(plain(behind.split(" ")[1] ?? ""));
    if (run === null || (wanted !== null && run !== wanted)) return [];
    return [{ run, kind: "mount", path: plain(before.split(" ")[4] ?? "") }];
  });
  return found.reverse();
}

/** Blanks and the like stand in mountinfo as three octal digits. */
function plain(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function cgroups(wanted: string | null): readonly Found[] {
  return cgroupRoots(cgroupTexts()).flatMap((root) => below(root, { wanted, depth: 0 }));
}

function below(folder: string, at: { readonly wanted: string | null; readonly depth: number }): readonly Found[] {
  const run = runOfTrace(basename(folder));
  if (run !== null) {
    const isWanted = at.wanted === null || traceName(at.wanted) === basename(folder);
    return isWanted ? [{ run, kind: "cgroup", path: folder }] : [];
  }
  if (at.depth === deepest) return [];
  return foldersIn(folder).flatMap((path) => below(path, { ...at, depth: at.depth + 1 }));
}

/** None of one that is gone meanwhile, or is not ours to read. */
function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
