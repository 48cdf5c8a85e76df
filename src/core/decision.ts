import type { ExitCode } from "./exit-code.ts";

/** How a finding counts: broken is a limit, inconclusive is missing, unusable is evidence that cannot be believed. */
export const findingKinds = ["unusable", "broken", "inconclusive"] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One reason why the answer is not yes: in which file and field, what stands there, what must, and the command that makes it anew. */
export interface Finding {
  readonly kind: FindingKind;
  /** The criteria that it counts against; empty: the evidence as a whole. */
  readonly criteria: readonly string[];
  readonly reason: string;
  /** Path from where one stands. */
  readonly file: string;
  /** RFC 6901 pointer into the file; empty: the file itself. */
  readonly field: string;
  readonly measured: string;
  readonly required: string;
  readonly command: string;
  /** Where in the scenario's file the limit stands that it is about; absent: it is about none. */
  readonly source?: { readonly file: string; readonly line: number };
}

/** What one criterion came to. */
export interface CriterionResult {
  readonly criterion: string;
  readonly status: "PASS" | "FAIL" | "INCONCLUSIVE" | "UNUSABLE";
  /** The file of the worst value, or the one that is missing. */
  readonly file: string;
  readonly measured: string;
  readonly required: string;
}

/** The gate's answer, as it stands in the decision file: these names are read by other tools. */
export interface Decision {
  readonly version: 1;
  readonly recommendation: "GO" | "CONTINUE_VALIDATION" | "NO_GO";
  readonly exit_code: ExitCode;
  /** RFC 3339. */
  readonly decided_at: string;
  readonly go_criteria_met: number;
  readonly go_criteria_total: number;
  /** Share of the criteria that are met, 0 to 100. */
  readonly readiness_percentage: number;
  readonly limits: Limits;
  readonly criteria: readonly CriterionResult[];
  readonly blocking_issues: readonly Finding[];
  /** Every file that was read. */
  readonly files: readonly string[];
}

/** What is held against what was measured: equal to the limit passes. */
export interface Limits {
  /** Least line coverage, in percent. */
  readonly coverage_threshold: number;
  readonly failover_sla_ms: number;
  readonly p2p_connection_sla_ms: number;
  readonly conflict_resolution_sla_ms: number;
}
