import type { Limits } from "../core/decision.ts";
import { parseDuration } from "../core/duration.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { ChaosClass, Expectation } from "../core/scenario.ts";

/** By what is decided. */
export interface Policy {
  readonly limits: Limits;
  /** A report that was finished longer ago is stale, in ms. */
  readonly oldestMs: number;
  /** A report that was finished so much later than now is of a wrong clock, in ms. */
  readonly aheadMs: number;
  /** What takes more than this share (0 to 1) of its limit is marginal. */
  readonly marginalShare: number;
  /** What was asked for in a file beside the contract. */
  readonly release: Release;
}

/** What a policy file asks for beside the contract; with flags alone nothing. */
export interface Release {
  /** Where it stands; null: flags alone decide. */
  readonly file: string | null;
  readonly name: string | null;
  readonly criteria: readonly Asked[];
  /** What blocks whatever else holds: that it does not hold is asked for. */
  readonly noGo: readonly Asked[];
  readonly expected: readonly ExpectedRuns[];
  /** What `plan --json` printed: each run of it must be there, too. */
  readonly planFile: string | null;
  readonly guards: Guards;
  readonly isSealRequired: boolean;
  readonly waivers: readonly Waiver[];
}

/** What each run must have shown for its passes to mean anything. */
export interface Guards {
  readonly acknowledgedDuringFaults: number;
  readonly faultInForceMs: number;
  /** Share (0 to 1) of the rate that a workload offers which must have been answered while no fault was in force; null: not asked for. */
  readonly loadShare: number | null;
}

/** Runs that must be there, whatever was found. */
export interface ExpectedRuns {
  readonly scenario: string;
  readonly variant: string;
  readonly repetition: number;
  /** Of the plan that must have been run; null: any. */
  readonly digest: string | null;
  /** Where it is asked for, as `file:line:column`. */
  readonly place: string;
}

/** Which runs are meant; null: any. */
export interface Where {
  readonly class: ChaosClass | null;
  readonly scenario: string | null;
  readonly variant: string | null;
}

/** What one requirement holds against: a number, or the verdict of a check. */
export type Requirement =
  | { readonly kind: "limit"; readonly text: string; readonly expectation: Expectation; readonly isOfFiles: boolean }
  | { readonly kind: "check"; readonly text: string; readonly check: string };

/** Something that a policy asks for. All of its requirements must hold. */
export interface Asked {
  readonly name: string;
  readonly title: string;
  readonly requires: readonly Requirement[];
  readonly where: Where;
  /** Files and folders of other tools. */
  readonly from: readonly string[];
  readonly isPooled: boolean;
  /** So many runs at least. */
  readonly repetitions: number;
  /** This share (0 to 1) must be shown with 95 % confidence; null: none. */
  readonly demonstrated: number | null;
  /** `file:line:column`. */
  readonly place: string;
}

/** A limit that may be broken for a while. */
export interface Waiver {
  readonly waive: string;
  readonly scenario: string;
  readonly variant: string | null;
  readonly reason: string;
  readonly owner: string;
  readonly issue: string;
  /** Its last day, as 2026-12-15, in UTC. */
  readonly expires: string;
  /** `file:line:column`. */
  readonly place: string;
}

/** The gate's flags as they were given; null: not given. */
export interface LimitFlags {
  readonly "coverage-threshold": string | null;
  readonly "failover-sla": string | null;
  readonly "p2p-connection-sla": string | null;
  readonly "conflict-resolution-sla": string | null;
}

/** Limits where neither flag nor policy says otherwise (spec of the contracts: 95 %, 5 s, 3 s, 2 s). */
export const defaultLimits: Limits = {
  coverage_threshold: 95,
  failover_sla_ms: 5000,
  p2p_connection_sla_ms: 3000,
  conflict_resolution_sla_ms: 2000,
};

/** No flag at all. */
export const noFlags: LimitFlags = {
  "coverage-threshold": null,
  "failover-sla": null,
  "p2p-connection-sla": null,
  "conflict-resolution-sla": null,
};

/** What is asked for where there is no policy file. */
export const contractAlone: Policy = {
  limits: defaultLimits,
  oldestMs: 24 * 3_600_000,
  aheadMs: 5 * 60_000,
  marginalShare: 0.8,
  release: {
    file: null,
    name: null,
    criteria: [],
    noGo: [],
    expected: [],
    planFile: null,
    guards: { acknowledgedDuringFaults: 0, faultInForceMs: 0, loadShare: null },
    isSealRequired: false,
    waivers: [],
  },
};

/** A policy with the figures that flags give instead of its own. Throws `HarnessError` (exit 64) for a value that is none. */
export function policyOf(flags: LimitFlags, policy: Policy = contractAlone): Policy {
  const time = (name: Exclude<keyof LimitFlags, "coverage-threshold">, usualMs: number): number => {
    const text = flags[name];
    return text === null ? usualMs : parseDuration(text, `--${name}`);
  };
  const { limits } = policy;
  const coverage = flags["coverage-threshold"];
  return {
    ...policy,
    limits: {
      coverage_threshold: coverage === null ? limits.coverage_threshold : percent(coverage),
      failover_sla_ms: time("failover-sla", limits.failover_sla_ms),
      p2p_connection_sla_ms: time("p2p-connection-sla", limits.p2p_connection_sla_ms),
      conflict_resolution_sla_ms: time("conflict-resolution-sla", limits.conflict_resolution_sla_ms),
    },
  };
}

/** Line coverage below this, in percent, asks for nothing; it may be meant as a share, too. */
export const leastThreshold = 1;

function percent(text: string): number {
  const value = /^\d+(\.\d+)?%?$/.test(text.trim()) ? Number.parseFloat(text) : Number.NaN;
  if (value > leastThreshold && value <= 100) return value;
  const isShare = value > 0 && value <= leastThreshold;
  const meant = isShare ? ` (did you mean ${Number(`${value}e2`)}?)` : "";
  throw new HarnessError(`--coverage-threshold: "${text}" is no percentage of lines that could be asked for${meant}`, {
    code: "not-a-percentage",
    exit: "usage",
    next: `write a number of percent, above ${leastThreshold} and at most 100, as --coverage-threshold 95`,
  });
}
