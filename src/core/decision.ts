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
  /** The measure, check or criterion that it is about, where it is about one. */
  readonly about?: string;
  /** By how much the limit is broken, in words, where it is a limit. */
  readonly margin?: string;
  /** The run that it is about, where it is about one: its scenario, variant and place in the series, as `4 of 5`. */
  readonly scenario?: string;
  readonly variant?: string;
  readonly repetition?: string;
  /** Which attempt of the CI job made that run; absent outside of one. */
  readonly attempt?: number;
  /** Where it is asked for: the line of the expectation in the scenario's file. */
  readonly source?: { readonly file: string; readonly line: number };
}

/** A broken limit that a policy lets pass for a while. */
export interface WaivedFinding extends Finding {
  readonly waiver: {
    readonly waive: string;
    readonly reason: string;
    readonly owner: string;
    readonly issue: string;
    readonly expires: string;
  };
}

/** A marginal pass is close to its limit; what is waived is broken, and does not block for now. */
export const criterionStatuses = ["PASS", "MARGINAL", "WAIVED", "INCONCLUSIVE", "FAIL", "UNUSABLE"] as const;
export type CriterionStatus = (typeof criterionStatuses)[number];

/** What one criterion came to. */
export interface CriterionResult {
  readonly criterion: string;
  readonly status: CriterionStatus;
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
  /** The policy file that was decided by; null: flags alone. */
  readonly policy: { readonly name: string; readonly file: string } | null;
  readonly criteria: readonly CriterionResult[];
  /** The no-go triggers of the policy: PASS is one that did not fire. */
  readonly no_go_triggers: readonly CriterionResult[];
  readonly blocking_issues: readonly Finding[];
  /** What is broken and does not block for now. */
  readonly waived_issues: readonly WaivedFinding[];
  /** What does not block and should be looked at. */
  readonly warnings: readonly string[];
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
