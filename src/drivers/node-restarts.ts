import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { messageOf } from "../core/harness-error.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";

/** A schedule that is kept: when the next start or end is due, and what went wrong. */
interface Schedule {
  timer: NodeJS.Timeout | null;
  problem: string | null;
  /** The process when it began; another one later is a node that was started again. */
  readonly before: ProcessIdentity | null;
  /** Ends what is under way when it is removed. */
  readonly over: AbortController;
}

/**
 * Carries out `process.restart`: keeps the schedule of each action (first end after `afterMs`, down for `downMs`, again every `everyMs`; null: once)
 * until it is removed, which starts again whoever is down. Ends and starts are those of `process.kill`, so that other kills are respected.
 */
export class NodeRestarts implements Driver {
  readonly #kills: Driver;
  readonly #nodes: NodeAccess;
  readonly #schedules = new Map<string, Schedule>();

  constructor(kills: Driver, nodes: NodeAccess) {
    this.#kills = kills;
    this.#nodes = nodes;
  }

  async capture(batch: readonly Action[]): Promise<readonly { readonly pid: number | null }[]> {
    return batch.map((action) => ({ pid: this.#nodes.identityOf(nodeOf(action))?.pid ?? null }));
  }

  async apply(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await eachOf(batch, (action) => {
      if (this.#schedules.has(action.id)) return;
      const before = this.#nodes.identityOf(nodeOf(action));
      const schedule: Schedule = { timer: null, problem: null, before, over: new AbortController() };
      this.#schedules.set(action.id, schedule);
      this.#plan(schedule, numberOf(action, "afterMs"), () => this.#end(action, schedule));
    });
  }

  async remove(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    const problems: string[] = [];
    for (const action of batch) {
      const schedule = this.#schedules.get(action.id);
      if (schedule === undefined) continue;
      this.#schedules.delete(action.id);
      schedule.over.abort();
      if (schedule.timer !== null) clearTimeout(schedule.timer);
      if (schedule.problem !== null) problems.push(schedule.problem);
    }
    await this.#kills.remove(batch.map(killOf), signal);
    if (problems.length > 0) throw new Error(problems.join("; "));
  }

  /** In force: a next time is due, or the node is down or another process than before. */
  async read(batch: readonly Action[], signal: AbortSignal): Promise<readonly Reading[]> {
    const down = await this.#kills.read(batch.map(killOf), signal);
    return batch.map((action, index) => {
      const schedule = this.#schedules.get(action.id);
      if (schedule === undefined) return down[index] === "in-force" ? "in-force" : "absent";
      const isAnother = this.#nodes.identityOf(nodeOf(action))?.pid !== schedule.before?.pid;
      return schedule.timer !== null || isAnother || down[index] === "in-force" ? "in-force" : "absent";
    });
  }

  /** Ends all schedules; whoever is down stays so. */
  async dispose(): Promise<void> {
    for (const { timer, over } of this.#schedules.values()) {
      over.abort();
      if (timer !== null) clearTimeout(timer);
    }
    this.#schedules.clear();
  }

  #plan(schedule: Schedule, ms: number, act: () => Promise<void>): void {
    schedule.timer = setTimeout(() => {
      act().catch((thrown: unknown) => {
        if (!schedule.over.signal.aborted) schedule.problem ??= messageOf(thrown);
        schedule.timer = null;
      });
    }, ms);
  }

  async #end(action: Action, schedule: Schedule): Promise<void> {
    await this.#kills.apply([killOf(action)], schedule.over.signal);
    if (schedule.over.signal.aborted) return;
    this.#plan(schedule, numberOf(action, "downMs"), () => this.#start(action, schedule));
  }

  async #start(action: Action, schedule: Schedule): Promise<void> {
    await this.#kills.remove([killOf(action)], schedule.over.signal);
    if (schedule.over.signal.aborted) return;
    const { everyMs } = action.params;
    if (typeof everyMs !== "number") schedule.timer = null;
    else this.#plan(schedule, Math.max(0, everyMs - numberOf(action, "downMs")), () => this.#end(action, schedule));
  }
}

/** The kill by which a node is down in between. */
function killOf(action: Action): Action {
  return { ...action, id: `${action.id}/down`, capability: "process.kill" };
}
