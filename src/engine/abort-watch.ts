import type { AbortCondition, Gauge } from "../core/abort-condition.ts";
import { compares } from "../core/compare.ts";
import type { HistoryEvent } from "../core/history-event.ts";

/** The errors' gauge looks back so far, in ms. */
const windowMs = 1000;

/** What became of one condition. */
export interface Watched {
  readonly condition: string;
  readonly met: boolean;
  readonly looks: number;
  readonly worst: number | null;
}

interface State {
  readonly condition: AbortCondition;
  looks: number;
  worst: number | null;
  /** Since when it has held without a break, or null. */
  sinceMs: number | null;
  met: boolean;
}

/** Follows the events of a run and tells when a condition has held for as long as it says. */
export class AbortWatch {
  readonly #states: readonly State[];
  readonly #healthy = new Map<string, boolean>();
  /** Compare-and-sets under way: one that is refused found another value, and was answered. */
  readonly #comparing = new Set<number>();
  #ended: { readonly atMs: number; readonly isOk: boolean }[] = [];
  #lastOkMs: number;

  constructor(conditions: readonly AbortCondition[], startMs: number) {
    this.#states = conditions.map((condition) => ({ condition, looks: 0, worst: null, sinceMs: null, met: false }));
    this.#lastOkMs = startMs;
  }

  feed(event: HistoryEvent): void {
    if (event.type === "probe.sampled" && event.probe === "health") this.#healthy.set(event.node, event.error === null);
    if (event.type === "op.invoked" && event.kind === "cas") this.#comparing.add(event.op);
    if (event.type !== "op.ok" && event.type !== "op.fail" && event.type !== "op.info") return;
    const isCompared = this.#comparing.delete(event.op) && event.type === "op.fail";
    this.#ended.push({ atMs: event.atMs, isOk: event.type === "op.ok" || isCompared });
    if (event.type === "op.ok") this.#lastOkMs = event.atMs;
  }

  /** Reads every gauge; gives the condition that is met now, or null. */
  look(nowMs: number): AbortCondition | null {
    this.#ended = this.#ended.filter(({ atMs }) => atMs > nowMs - windowMs);
    for (const state of this.#states) this.#lookAt(state, nowMs);
    return this.#states.find(({ met }) => met)?.condition ?? null;
  }

  results(): readonly Watched[] {
    return this.#states.map(({ condition, met, looks, worst }) => ({ condition: condition.text, met, looks, worst }));
  }

  #lookAt(state: State, nowMs: number): void {
    const { gauge, comparator, limit, forMs } = state.condition;
    const value = this.#read(gauge, nowMs);
    // What cannot be read neither holds nor breaks what held.
    if (value === null) return;
    state.looks += 1;
    const isWorse = state.worst === null || (comparator.startsWith("<") ? value < state.worst : value > state.worst);
    if (isWorse) state.worst = value;
    if (!compares(value, comparator, limit)) state.sinceMs = null;
    else {
      state.sinceMs ??= nowMs;
      if (nowMs - state.sinceMs >= forMs) state.met = true;
    }
  }

  /** The gauge's value in its base unit, or null where nothing is known of it now. */
  #read(gauge: Gauge, nowMs: number): number | null {
    switch (gauge) {
      case "nodes.healthy":
        return this.#healthy.size === 0 ? null : [...this.#healthy.values()].filter(Boolean).length;
      case "errors.ratio":
        return this.#ended.length === 0 ? null : this.#ended.filter(({ isOk }) => !isOk).length / this.#ended.length;
      case "outage.time":
        return nowMs - this.#lastOkMs;
    }
  }
}
