import type { Comparator } from "./scenario.ts";
import type { Unit } from "./measurement.ts";

/** What is watched while faults are in force, for abort conditions: its unit, and what it tells. */
export const gauges = {
  "nodes.healthy": { unit: "count", summary: "How many nodes gave a healthy answer when they were last asked." },
  "errors.ratio": {
    unit: "ratio",
    summary: "Share of the operations that ended within the last second and were not acknowledged.",
  },
  "fault.time": { unit: "ms", summary: "Time since the first fault was in force." },
  "outage.time": { unit: "ms", summary: "Time since an operation was last acknowledged." },
} as const satisfies Record<string, { readonly unit: Unit; readonly summary: string }>;

export type Gauge = keyof typeof gauges;

/** When to break off: while the faults are in force, a gauge compares so, or a probe does or does not hold, for so long. */
export type AbortCondition = GaugeCondition | ProbeCondition;

/** A gauge compares so. */
export interface GaugeCondition {
  /** As the author wrote it: `errors.ratio > 90% for 5s`. */
  readonly text: string;
  readonly gauge: Gauge;
  readonly comparator: Comparator;
  /** In the gauge's base unit: ms, a share from 0 to 1, or a count. */
  readonly limit: number;
  /** For how long it must go on, in ms; 0: one look is enough. */
  readonly forMs: number;
}

/** A probe holds, or fails. */
export interface ProbeCondition {
  /** As the author wrote it: `one-leader fails for 10s`. */
  readonly text: string;
  readonly probe: string;
  readonly when: "holds" | "fails";
  /** For how long it must go on, in ms; 0: one look is enough. */
  readonly forMs: number;
}
