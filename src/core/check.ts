import type { History } from "./history.ts";
import type { Measurement, Unit } from "./measurement.ts";
import type { Plan } from "./plan.ts";
import type { Probe } from "./probe.ts";
import type { Verdict } from "./verdict.ts";

/** What measures are taken from: the whole run, and nothing else. */
export interface Evidenced {
  readonly plan: Plan;
  readonly history: History;
  /** The probes that the plan's steady state names. */
  readonly probes: Readonly<Record<string, Probe>>;
}

/** A number that is told from a history. Pure: the same history gives the same measurement. */
export interface Measure {
  readonly name: string;
  readonly unit: Unit;
  readonly summary: string;
  measure(evidence: Evidenced): Measurement;
}

/** A judgement of a history. Pure, and unknown on an empty one. */
export interface Check {
  readonly name: string;
  readonly summary: string;
  /** What it guards, where that is never waived: data, that one alone leads, or that a run shows anything at all. Absent: anything else. */
  readonly guards?: "data" | "leadership" | "evidence";
  /** Operations that have to be asked of every node now and then for it; absent: none beyond what is asked anyway. */
  readonly samples?: readonly string[];
  check(evidence: Evidenced & { readonly measurements: readonly Measurement[] }): Verdict;
}
