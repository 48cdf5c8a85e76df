import type { Measure } from "../core/check.ts";
import type { Measurement } from "../core/measurement.ts";
import { perSecondMean } from "../core/per-second.ts";
import { type Calm, calmStretches, isAnswered } from "../core/calm.ts";

const measured = { measure: "throughput.rate", unit: "per-second" } as const;
/** Fewer whole seconds say nothing of what is sustained. */
const leastSeconds = 3;

/**
 * Requests answered a second, over the whole seconds in which no fault was in force (spec/1-mission: >= 100 req/s). What was offered bounds
 * it: a workload with a rate cannot have more answered than that.
 */
export const throughputRate: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary: "Requests answered a second, over the whole seconds in which no fault was in force.",
  measure: ({ history }): Measurement => {
    const seconds = calmStretches(history).flatMap(wholeSeconds);
    if (seconds.length < leastSeconds) {
      const reason = `${seconds.length} whole seconds of traffic without a fault, of at least ${leastSeconds} that are needed`;
      return { kind: "not-measured", ...measured, reason };
    }
    const perSecond = seconds.map(() => 0);
    for (const operation of history.operations()) {
      if (!isAnswered(operation)) continue;
      const at = secondOf(seconds, operation.completedMs);
      if (at >= 0) perSecond[at] = (perSecond[at] ?? 0) + 1;
    }
    const rate = perSecondMean(perSecond);
    const note = `${perSecond.length} seconds without a fault, the slowest with ${Math.min(...perSecond)} answers`;
    const [low, high, samples] = [rate, rate, perSecond.length];
    return { kind: "measured", ...measured, low, high, resolutionMs: null, samples, note, perSecond };
  },
};

function wholeSeconds([fromMs, toMs]: Calm): readonly number[] {
  return Array.from({ length: Math.max(0, Math.floor((toMs - fromMs) / 1000)) }, (_, index) => fromMs + index * 1000);
}

/** The second, of these beginnings in order, in which a moment lies, or -1. */
function secondOf(beginnings: readonly number[], atMs: number): number {
  let [low, high] = [0, beginnings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beginnings[middle] ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return atMs < (beginnings[low - 1] ?? -Infinity) + 1000 ? low - 1 : -1;
}
