import type { Evidenced, Measure } from "../core/check.ts";
import { type FaultSpan, faultSpans, joinedIn } from "../core/history.ts";
import type { Measurement } from "../core/measurement.ts";
import { nodesOf, type Scope } from "../core/membership.ts";
import type { Probe, Sample } from "../core/probe.ts";
import { SteadyWatch } from "../core/steady-watch.ts";
import { type Look, settle, thinned, timeMeasurement, type Track } from "../core/track.ts";

const measured = { measure: "recovery.time", unit: "ms" } as const;

/**
 * From the end of the last healing to the first sample from which every steady-state probe holds and goes on holding for
 * `steadyState.holdMs`, in ms (spec/1-mission, "recovery"). Not measured if nothing was in force, or something was never taken back.
 */
export const recoveryTime: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary:
    "From the last fault gone to the first sample from which every steady-state probe holds, and goes on holding.",
  measure: (evidence) => {
    const spans = faultSpans(evidence.history);
    if (!spans.some(({ inForce }) => inForce > 0)) return notMeasured("no fault was in force");
    const left = spans.find(({ healedMs, residue }) => healedMs === null || residue !== 0);
    if (left !== undefined) return notMeasured(`fault ${left.fault} was never wholly taken back`);
    const probes = evidence.plan.steadyState.probes.flatMap((name) => evidence.probes[name] ?? []);
    if (probes.length === 0 || probes.length < evidence.plan.steadyState.probes.length) {
      return notMeasured("the probes of the steady state are not known");
    }
    return recovery(evidence, probes, lastHealed(spans));
  },
};

interface Healed {
  readonly fault: string;
  readonly healStartedMs: number;
  readonly healedMs: number;
}

function lastHealed(spans: readonly FaultSpan[]): Healed {
  let last: Healed = { fault: "", healStartedMs: -Infinity, healedMs: -Infinity };
  for (const { fault, healStartedMs, healedMs } of spans) {
    if (healStartedMs !== null && healedMs !== null && healedMs > last.healedMs)
      last = { fault, healStartedMs, healedMs };
  }
  return last;
}

/** The upper end counts from when the last healing began, the lower one from when it was read back. */
function recovery({ plan, history }: Evidenced, probes: readonly Probe[], last: Healed): Measurement {
  const { holdMs } = plan.steadyState;
  const joined = joinedIn(history);
  const watch = new SteadyWatch({ probes, membership: plan, sinceMs: last.healedMs, joined });
  const asked = new Asked(probes, (scope) => nodesOf(scope, plan, new Set(joined)), last.healedMs);
  const looks: Look[] = [];
  for (const sample of history.eventsOf("probe.sampled")) {
    watch.feed(sample);
    if (!asked.feed(sample)) continue;
    looks.push(...looksOf(sample, watch.holdsFromMs, looks.at(-1)));
    if (watch.holdsFromMs !== null && sample.atMs - watch.holdsFromMs >= holdMs) break;
  }
  if (!asked.isComplete)
    return notMeasured("not every node was asked by every steady-state probe after the last healing");
  const track: Track = {
    subject: last.fault,
    from: [last.healStartedMs, last.healedMs],
    looks: thinned(looks),
    holdMs,
  };
  const settled = settle(track);
  const state =
    settled.kind === "settled" ? `steady from ${settled.atMs} ms for ${holdMs} ms` : whyBroken(watch, holdMs);
  const note = `last fault: ${last.fault}, gone at ${last.healedMs} ms; ${state}`;
  return timeMeasurement([track], { measure: measured.measure, note, samples: asked.count });
}

/** What a sample shows of the whole state. What holds has held since `holdsFromMs`, which may be a sample before the first that told all. */
function looksOf({ atMs }: Sample, holdsFromMs: number | null, before: Look | undefined): readonly Look[] {
  if (holdsFromMs === null) return [[atMs, false]];
  const isNew = before?.[1] !== true && holdsFromMs < atMs;
  return isNew
    ? [
        [holdsFromMs, true],
        [atMs, true],
      ]
    : [[atMs, true]];
}

function whyBroken(watch: SteadyWatch, holdMs: number): string {
  const broken = watch.broken();
  return broken.length > 0
    ? `broken at the end: ${broken.join(", ")}`
    : `steady only from ${watch.holdsFromMs} ms, too short before the end to hold for ${holdMs} ms`;
}

/** Whether every node has been asked everything since the healing: until then a steady state that is not shown is not shown to be broken. */
class Asked {
  count = 0;
  readonly #missing = new Set<string>();
  readonly #operations: ReadonlySet<string>;
  readonly #sinceMs: number;

  constructor(probes: readonly Probe[], nodes: (scope: Scope) => readonly string[], sinceMs: number) {
    this.#operations = new Set(probes.map(({ operation }) => operation));
    this.#sinceMs = sinceMs;
    for (const { operation, scope } of probes) {
      for (const node of nodes(scope)) this.#missing.add(`${operation} ${node}`);
    }
  }

  get isComplete(): boolean {
    return this.#missing.size === 0;
  }

  /** Counts the sample; says whether it and those before it tell the whole state. */
  feed({ sentMs, probe, node }: Sample): boolean {
    if (sentMs < this.#sinceMs || !this.#operations.has(probe)) return false;
    this.count += 1;
    this.#missing.delete(`${probe} ${node}`);
    return this.isComplete;
  }
}

function notMeasured(reason: string): Measurement {
  return { kind: "not-measured", ...measured, reason };
}
