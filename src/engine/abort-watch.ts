import type { AbortCondition, Gauge, GaugeCondition, ProbeCondition } from "../core/abort-condition.ts";
import { compares } from "../core/compare.ts";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Membership } from "../core/membership.ts";
import { own } from "../core/own.ts";
import type { Probe } from "../core/probe.ts";
import { SteadyWatch } from "../core/steady-watch.ts";

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
  /** Of a condition on a probe: tells whether that holds. */
  readonly watch: SteadyWatch | null;
}

/** What is watched: conditions, the probes that they may name, the nodes, and since when, in ms since the run's start. */
export interface AbortWatched {
  readonly conditions: readonly AbortCondition[];
  readonly probes: Readonly<Record<string, Probe>>;
  readonly membership: Membership;
  readonly startMs: number;
}

/** Follows the events of a run and tells when a condition has held for as long as it says. */
export class AbortWatch {
  readonly #states: readonly State[];
  readonly #healthy = new Map<string, boolean>();
  /** Compare-and-sets under way: one that is refused found another value, and was answered. */
  readonly #comparing = new Set<number>();
  #ended: { readonly atMs: number; readonly isOk: boolean }[] = [];
  #lastOkMs: number;
  #faultMs: number | null = null;

  constructor({ conditions, probes, membership, startMs }: AbortWatched) {
    this.#states = conditions.map((condition) => {
      const probe = "probe" in condition ? own(probes, condition.probe) : undefined;
      const watch = probe === undefined ? null : new SteadyWatch({ probes: [probe], membership, sinceMs: startMs });
      return { condition, looks: 0, worst: null, sinceMs: null, met: false, watch };
    });
    this.#lastOkMs = startMs;
  }

  feed(event: HistoryEvent): void {
    for (const { watch } of this.#states) watch?.hear(event);
    if (event.type === "fault.injected") this.#faultMs ??= event.atMs;
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
    const { condition } = state;
    const found = "probe" in condition ? probed(condition, state, nowMs) : this.#gauged(condition, nowMs);
    // What cannot be read neither holds nor breaks what held.
    if (found === null) return;
    state.looks += 1;
    if (!found.isThere) state.sinceMs = null;
    else {
      state.sinceMs ??= nowMs;
      if (nowMs - state.sinceMs >= condition.forMs) state.met = true;
    }
    const { isWorse, value } = found;
    if (state.worst === null || isWorse(state.worst)) state.worst = value;
  }

  #gauged({ gauge, comparator, limit }: GaugeCondition, nowMs: number): Found | null {
    const value = this.#read(gauge, nowMs);
    if (value === null) return null;
    const isWorse = (worst: number): boolean => (comparator.startsWith("<") ? value < worst : value > worst);
    return { isThere: compares(value, comparator, limit), value, isWorse };
  }

  /** The gauge's value in its base unit, or null where nothing is known of it now. */
  #read(gauge: Gauge, nowMs: number): number | null {
    switch (gauge) {
      case "nodes.healthy":
        return this.#healthy.size === 0 ? null : [...this.#healthy.values()].filter(Boolean).length;
      case "errors.ratio":
        return this.#ended.length === 0 ? null : this.#ended.filter(({ isOk }) => !isOk).length / this.#ended.length;
      case "fault.time":
        return this.#faultMs === null ? null : nowMs - this.#faultMs;
      case "outage.time":
        return nowMs - this.#lastOkMs;
    }
  }
}

/** What one look told: whether the condition is there, and the value by which the worst look is known. */
interface Found {
  readonly isThere: boolean;
  readonly value: number;
  readonly isWorse: (worst: number) => boolean;
}

/** Of a probe the worst is the longest time for which it was so, in ms. */
function probed({ when }: ProbeCondition, { watch, sinceMs }: State, nowMs: number): Found | null {
  if (watch === null || (watch.holdsFromMs === null && watch.brokenAtMs === null)) return null;
  const isThere = (watch.holdsFromMs !== null) === (when === "holds");
  const value = isThere ? nowMs - (sinceMs ?? nowMs) : 0;
  return { isThere, value, isWorse: (worst) => value > worst };
}
