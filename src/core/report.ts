import type { Measurement } from "./measurement.ts";
import type { Plan } from "./plan.ts";
import type { Cast } from "./selection.ts";
import type { Verdict, VerdictStatus } from "./verdict.ts";

/** How many operations of each kind ended how, and how many were acknowledged while a fault was in force. */
export interface Traffic {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly okDuringFaults: number;
}

/** What one run came to. Everything in it but `run` follows from plan and history, and can be computed again from the folder. */
export interface Report {
  readonly version: 1;
  readonly run: RunInfo;
  readonly plan: Plan;
  readonly status: VerdictStatus;
  readonly measurements: readonly Measurement[];
  readonly verdicts: readonly Verdict[];
  readonly traffic: Traffic;
  readonly faults: readonly FaultWindow[];
}

/** A fault's place on the time axis, in ms since the run's start; null: did not happen. */
export interface FaultWindow {
  readonly fault: string;
  readonly startedMs: number;
  readonly injectedMs: number;
  readonly observed: boolean;
  readonly healStartedMs: number | null;
  readonly healedMs: number | null;
  readonly cast: Cast;
}

/** Where, when and how a run was made. */
export interface RunInfo {
  readonly id: string;
  readonly series: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** The command that runs just this repetition again, with the same plan. */
  readonly reproduce: string;
  readonly tool: { readonly version: string; readonly node: string; readonly platform: string };
  /** Commit of the tree in which it was run, or null outside of one. */
  readonly commit: string | null;
}
