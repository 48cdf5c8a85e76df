import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import type { JsonObject } from "../core/json.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import { Strictest } from "../core/strictest.ts";
import { captureEach, readEach } from "../core/read-each.ts";
import type { RunCgroups } from "./cgroup.ts";

/** What the driver works with. */
interface Parts {
  readonly cgroups: RunCgroups;
  readonly nodes: NodeAccess;
  /** How many cores this machine gives: a share of the swarm's is of these, a node's of one. */
  readonly cores: number;
}

/** Quotas are compared after the kernel has rounded them, in cores. */
const roundingCores = 0.001;
/** Where nodes stand that share no quota. */
const apart = "nodes";

/**
 * Carries out `process.cpu` by cgroups: one for each node, or one for all nodes of a fault together. Where all controllers are in one
 * hierarchy (version 2) a node must stay in the cgroup that limits its memory, so that nodes of a swarm get equal parts there.
 */
export class CpuLimits implements Driver {
  readonly #parts: Parts;
  readonly #own = new Strictest();
  /** What faults want of their nodes together, in cores, by the cgroup; the last one is where a node stands. */
  readonly #shared = new Map<string, { readonly cores: number; readonly nodes: Set<string> }>();

  constructor(parts: Parts) {
    this.#parts = parts;
    // A node that is started again while it is limited is limited again.
    parts.nodes.onSpawn((node) => {
      if (this.#own.of(node) !== null || this.#groupOf(node) !== apart) this.#settle(node);
    });
  }

  async capture(batch: readonly Action[]): Promise<readonly JsonObject[]> {
    return captureEach(batch, (action) => ({ cores: this.#parts.cgroups.cpuLimit(this.#nameOf(nodeOf(action))) }));
  }

  async apply(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      const node = nodeOf(action);
      const cores = this.#coresOf(action);
      if (this.#isShared(action)) {
        const group = this.#shared.get(groupName(action)) ?? { cores, nodes: new Set<string>() };
        group.nodes.add(node);
        this.#shared.set(groupName(action), group);
      } else this.#own.want(node, action.id, cores);
      this.#settle(node);
    });
  }

  async remove(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      const node = nodeOf(action);
      const isOff = this.#isShared(action)
        ? this.#shared.get(groupName(action))?.nodes.delete(node)
        : this.#own.forget(node, action.id);
      if (isOff === true) this.#settle(node);
    });
  }

  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    const { cgroups, nodes } = this.#parts;
    return readEach(batch, (action) => {
      const node = nodeOf(action);
      const group = groupName(action);
      const name = this.#isShared(action) ? group : this.#nameOf(node);
      const limit = cgroups.cpuLimit(name);
      if (limit === null || limit > this.#coresOf(action) + roundingCores) return "absent";
      const process = nodes.identityOf(node);
      // A node that is down is limited when it comes back.
      if (process === null) return !this.#isShared(action) || this.#groupOf(node) === group ? "in-force" : "absent";
      return [name, `${name}/${node}`].some((one) => cgroups.has(one, process)) ? "in-force" : "absent";
    });
  }

  #settle(node: string): void {
    const { cgroups, nodes } = this.#parts;
    const group = this.#groupOf(node);
    const limit = this.#own.of(node);
    const together = this.#shared.get(group)?.cores ?? null;
    if (together !== null) cgroups.limitCpu(group, together);
    cgroups.limitCpu(this.#nameOf(node), limit);
    const process = nodes.identityOf(node);
    // A node without a limit of its own stands where the quota is, so that it can read it there.
    if (process !== null) cgroups.enter(together !== null && limit === null ? group : this.#nameOf(node), process);
  }

  #nameOf(node: string): string {
    return `${this.#groupOf(node)}/${node}`;
  }

  #groupOf(node: string): string {
    return [...this.#shared].findLast(([, group]) => group.nodes.has(node))?.[0] ?? apart;
  }

  #isShared({ params }: Action): boolean {
    return params["of"] === "swarm" && !this.#parts.cgroups.isUnified;
  }

  /** How many cores an action leaves: to all of its nodes where they share, else to each. */
  #coresOf(action: Action): number {
    const share = numberOf(action, "share");
    if (action.params["of"] !== "swarm") return share;
    return (share * this.#parts.cores) / (this.#isShared(action) ? 1 : numberOf(action, "among"));
  }
}

/** The cgroup that the nodes of a fault share. */
function groupName({ fault }: Action): string {
  return `fault.${encodeURIComponent(fault)}`;
}
