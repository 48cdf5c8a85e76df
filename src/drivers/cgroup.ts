import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemCodeOf } from "../core/harness-error.ts";
import { traceName } from "../core/machine-traces.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import type { CgroupPlace } from "./cgroup-places.ts";

/** How long a slice of processor time is, in µs: the kernel's own default. */
const periodUs = 100_000;

/** The cgroups of one run below one place. Names are paths below the run's own: `nodes/n1`. */
export class RunCgroups {
  readonly #place: CgroupPlace;
  readonly #folder: string;

  constructor(place: CgroupPlace, run: string) {
    this.#place = place;
    this.#folder = join(place.folder, traceName(run));
  }

  /** Whether all controllers are in one hierarchy, so that a process is in one cgroup for all of them. */
  get isUnified(): boolean {
    return this.#place.version === 2;
  }

  /** Puts a process, with all its threads, into a cgroup, which is made for it. One that is gone meanwhile is none to put. */
  enter(name: string, { pid }: ProcessIdentity): void {
    this.#make(name);
    try {
      writeFileSync(join(this.#folder, name, "cgroup.procs"), String(pid));
    } catch (thrown) {
      if (systemCodeOf(thrown) !== "ESRCH") throw thrown;
    }
  }

  /** Whether a process is in it. */
  has(name: string, { pid }: ProcessIdentity): boolean {
    return this.#read(name, "cgroup.procs").split("\n").includes(String(pid));
  }

  /** Limits the memory of all in it, in bytes; null: no limit. Throws where they hold more and cannot give it back. */
  limitMemory(name: string, bytes: number | null): void {
    this.#make(name);
    if (this.#place.version === 1) this.#write(name, ["memory.limit_in_bytes", String(bytes ?? -1)]);
    else this.#write(name, ["memory.max", String(bytes ?? "max")]);
  }

  /** The limit as the system has it; null: none. */
  memoryLimit(name: string): number | null {
    const text = this.#read(name, this.#place.version === 1 ? "memory.limit_in_bytes" : "memory.max");
    const bytes = Number(text.trim() || Number.NaN);
    // Without a limit version 1 tells the largest number of pages.
    return bytes >= 0 && bytes < 2 ** 62 ? bytes : null;
  }

  /** Limits the processor time of all in it together, in cores; null: no limit. */
  limitCpu(name: string, cores: number | null): void {
    this.#make(name);
    // The kernel takes no quota below 1 ms.
    const quotaUs = cores === null ? null : Math.max(1000, Math.round(cores * periodUs));
    if (this.#place.version === 2) return this.#write(name, ["cpu.max", `${quotaUs ?? "max"} ${periodUs}`]);
    this.#write(name, ["cpu.cfs_period_us", String(periodUs)]);
    this.#write(name, ["cpu.cfs_quota_us", String(quotaUs ?? -1)]);
  }

  /** The limit as the system has it, in cores; null: none. */
  cpuLimit(name: string): number | null {
    const text =
      this.#place.version === 2
        ? this.#read(name, "cpu.max")
        : `${this.#read(name, "cpu.cfs_quota_us").trim()} ${this.#read(name, "cpu.cfs_period_us").trim()}`;
    const [quota = Number.NaN, period = Number.NaN] = text.trim().split(" ").map(Number);
    return quota > 0 && period > 0 ? quota / period : null;
  }

  #make(name: string): void {
    const folder = join(this.#folder, name);
    if (existsSync(folder)) return;
    mkdirSync(folder, { recursive: true });
    if (this.#place.version === 1) return;
    // Controllers reach a cgroup only if each above it hands them on.
    const above = name.split("/").map((_part, depth, parts) => join(this.#folder, ...parts.slice(0, depth)));
    for (const one of [this.#place.folder, ...above]) handOn(one);
  }

  #write(name: string, [file, value]: readonly [string, string]): void {
    writeFileSync(join(this.#folder, name, file), value);
  }

  #read(name: string, file: string): string {
    try {
      return readFileSync(join(this.#folder, name, file), "utf8");
    } catch (thrown) {
      if (systemCodeOf(thrown) === "ENOENT") return "";
      throw thrown;
    }
  }
}

/** Which of the two controllers there are is handed on; one that is handed on already stays so. */
function handOn(folder: string): void {
  for (const controller of ["memory", "cpu"]) {
    const there = readFileSync(join(folder, "cgroup.controllers"), "utf8").split(/\s+/);
    if (there.includes(controller)) writeFileSync(join(folder, "cgroup.subtree_control"), `+${controller}`);
  }
}

/** Removes a cgroup with all below it. What still has processes stays. */
export function removeCgroup(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeCgroup(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code !== "EBUSY" && code !== "ENOTEMPTY" && code !== "ENOENT") throw thrown;
  }
}
