import { join } from "node:path";
import type { Driver } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import { limitWay, type Means } from "../core/limit-way.ts";
import { machineCores } from "../core/machine-cores.ts";
import type { MachineFacts } from "../core/machine-facts.ts";
import type { NodeAccess } from "../core/node-access.ts";
import type { Target } from "../core/target.ts";
import { cgroupPlace, cgroupTexts } from "./cgroup-places.ts";
import { RunCgroups } from "./cgroup.ts";
import { CpuLimits } from "./cpu-limits.ts";
import { DescriptorLimits } from "./descriptor-limits.ts";
import { DutyCycle } from "./duty-cycle.ts";
import { FileAlterations } from "./file-alterations.ts";
import { folderFailures } from "./folder-failures.ts";
import { memoryLimits } from "./memory-limits.ts";
import { NodeClocks } from "./node-clocks.ts";
import { NodeDisks } from "./node-disks.ts";
import { NodeRestarts } from "./node-restarts.ts";

/** What a rig is made of. */
export interface RigParts {
  readonly run: string;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  readonly target: Target;
  /** What the nodes are to be started for. */
  readonly prepare: readonly Capability[];
  readonly facts: MachineFacts;
  readonly processes: NodeAccess & Driver;
}

/** What acts on nodes that were started here beside ending and stopping them: their schedules, limits, clocks and disks. */
export class NodeRig {
  readonly #parts: RigParts;
  readonly #restarts: NodeRestarts;
  readonly #dutyCycle: DutyCycle;
  readonly #disks: NodeDisks;
  readonly #clocks: NodeClocks | null;
  readonly #drivers: ReadonlyMap<Capability, Driver>;

  constructor(parts: RigParts) {
    const { run, folder, processes, facts } = parts;
    this.#parts = parts;
    this.#restarts = new NodeRestarts(processes, processes);
    this.#dutyCycle = new DutyCycle(processes);
    this.#disks = new NodeDisks(run, processes);
    this.#clocks = facts.faketime.permitted ? new NodeClocks(facts.faketime.by, join(folder, "clocks")) : null;
    this.#drivers = this.#made();
  }

  /** Before a node is first started: makes its disk, if that will be filled; gives what its environment needs. Throws `HarnessError` (exit 69). */
  prepare(node: string, dataFolder: string): Readonly<Record<string, string>> {
    const { prepare } = this.#parts;
    if (prepare.includes("disk.fill") && this.#means("disk.fill") === "mount") this.#disks.mount(dataFolder);
    return prepare.includes("process.clock") ? (this.#clocks?.environmentOf(node) ?? {}) : {};
  }

  /** The driver of a capability; null: this machine permits none, or the nodes were not started for it. */
  driver(capability: Capability): Driver | null {
    const isPrepared = this.#parts.prepare.includes(capability);
    if (capability === "process.clock" && !isPrepared) return null;
    if (capability === "disk.fill" && this.#means("disk.fill") === "mount" && !isPrepared) return null;
    return this.#drivers.get(capability) ?? null;
  }

  /** Ends schedules and turns; what stands on the machine goes by its name, after the processes. */
  async dispose(): Promise<void> {
    await this.#restarts.dispose();
    await this.#dutyCycle.dispose();
  }

  #made(): ReadonlyMap<Capability, Driver> {
    const { processes, target, facts } = this.#parts;
    const { files } = target;
    const made = new Map<Capability, Driver>([
      ["process.restart", this.#restarts],
      ["disk.fail", folderFailures({ nodes: processes, files })],
      ["disk.alter", new FileAlterations({ nodes: processes, files })],
      ["process.cpu", this.#cpu()],
    ]);
    const memory = this.#cgroups("memory");
    if (this.#means("process.memory") === "cgroup" && memory !== null) {
      const fromStart = this.#parts.prepare.includes("process.memory");
      made.set("process.memory", memoryLimits({ cgroups: memory, nodes: processes, fromStart }));
    }
    if (this.#means("disk.fill") === "mount") made.set("disk.fill", this.#disks);
    if (this.#clocks !== null) made.set("process.clock", this.#clocks);
    if (facts.prlimit.permitted) made.set("process.descriptors", new DescriptorLimits(facts.prlimit.by, processes));
    return made;
  }

  #cpu(): Driver {
    const cgroups = this.#means("process.cpu") === "cgroup" ? this.#cgroups("cpu") : null;
    if (cgroups === null) return this.#dutyCycle;
    return new CpuLimits({ cgroups, nodes: this.#parts.processes, cores: machineCores() });
  }

  #cgroups(controller: "memory" | "cpu"): RunCgroups | null {
    const place = cgroupPlace(controller, cgroupTexts());
    return "reason" in place ? null : new RunCgroups(place, this.#parts.run);
  }

  #means(capability: Capability): Means | null {
    return limitWay(capability, this.#parts)?.by ?? null;
  }
}
