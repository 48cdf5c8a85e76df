import type { Measurement } from "./measurement.ts";
import { rankOf, sizeOfSpread, type Spread } from "./spread.ts";

/** Ranks that are measured, as shares. */
export const ranks: Readonly<Record<string, number>> = { "latency.p95": 0.95 };
/** Of fewer samples the rank of one in twenty is chance: its place would be known to worse than four in a hundred. */
const leastSamples = 100;

/** The measurement that a spread comes to, for a measure of `ranks`. Not measured of too few samples; beyond its longest where it never ended. */
export function ranked(spread: Spread, measure: string): Measurement {
  const shared = { measure, unit: "ms" } as const;
  const samples = sizeOfSpread(spread);
  const value = rankOf(spread, ranks[measure] ?? 1);
  if (value === null || samples < leastSamples) {
    const reason = `${samples} requests while no fault was in force, of at least ${leastSamples} that are needed`;
    return { kind: "not-measured", ...shared, reason };
  }
  const note = `of ${samples} requests without a fault ${spread.endless} were not answered`;
  if (value === Infinity) return { kind: "beyond", ...shared, atLeast: spread.lengths.at(-1)?.[0] ?? 0, note, spread };
  return { kind: "measured", ...shared, low: value, high: value, resolutionMs: null, samples, note, spread };
}
