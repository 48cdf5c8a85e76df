import type { Action, Driver, Reading } from "../core/action.ts";
import { systemClock } from "../core/clock.ts";
import { eachOf } from "../core/each-of.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import { Strictest } from "../core/strictest.ts";
import { until } from "../core/wait.ts";
import { processState } from "./proc.ts";

/** How long a turn of running and standing still is, in ms. */
const turnMs = 100;
/** Why a node stands still, among other reasons. */
const reason = "duty cycle";

/**
 * Carries out `process.cpu` where no cgroup is permitted: each node runs for its share of every tenth of a second, and stands still for the
 * rest. Other reasons to stand still are respected, and none is left standing. Its end ends every turn.
 */
export class DutyCycle implements Driver {
  readonly #nodes: NodeAccess;
  readonly #shares = new Strictest();
  /** The next turn or half-turn of each node that has one. */
  readonly #turns = new Map<string, NodeJS.Timeout>();

  constructor(nodes: NodeAccess) {
    this.#nodes = nodes;
  }

  async capture(batch: readonly Action[]): Promise<readonly {}[]> {
    return batch.map(() => ({}));
  }

  async apply(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      const node = nodeOf(action);
      this.#shares.want(node, action.id, Math.min(1, numberOf(action, "share")));
      if (!this.#turns.has(node)) this.#run(node);
    });
  }

  async remove(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      const node = nodeOf(action);
      if (this.#shares.forget(node, action.id) && this.#shares.of(node) === null) this.#end(node);
    });
  }

  /** Looks at each process for two turns: in force is what stands still now and then. A node that is down stands still. */
  async read(batch: readonly Action[], signal: AbortSignal): Promise<readonly Reading[]> {
    const stopped = new Set<string>();
    const wanted = batch.map(nodeOf).filter((node) => this.#turns.has(node));
    const look = (): boolean => {
      for (const node of wanted) if (this.#standsStill(node)) stopped.add(node);
      return wanted.every((node) => stopped.has(node));
    };
    await until(look, { clock: systemClock, signal, limitMs: 2 * turnMs, everyMs: 5 });
    return batch.map((action) => (stopped.has(nodeOf(action)) ? "in-force" : "absent"));
  }

  /** Ends every turn; nobody stands still for it any more. */
  async dispose(): Promise<void> {
    for (const node of this.#turns.keys()) this.#end(node);
  }

  #run(node: string): void {
    const share = this.#shares.of(node);
    if (share === null) return this.#end(node);
    this.#nodes.letGo(node, reason);
    this.#turns.set(
      node,
      setTimeout(() => this.#stop(node, share), share * turnMs),
    );
  }

  #stop(node: string, share: number): void {
    this.#nodes.stop(node, reason);
    this.#turns.set(
      node,
      setTimeout(() => this.#run(node), (1 - share) * turnMs),
    );
  }

  #end(node: string): void {
    clearTimeout(this.#turns.get(node));
    this.#turns.delete(node);
    this.#nodes.letGo(node, reason);
  }

  #standsStill(node: string): boolean {
    const process = this.#nodes.identityOf(node);
    return process === null || processState(process.pid)?.state === "T";
  }
}
