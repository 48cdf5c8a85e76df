import type { Limits } from "../core/decision.ts";
import { parseDuration } from "../core/duration.ts";
import { HarnessError } from "../core/harness-error.ts";

/** By what is decided. */
export interface Policy {
  readonly limits: Limits;
  /** A report that was finished longer ago is stale, in ms. */
  readonly oldestMs: number;
  /** A report that was finished so much later than now is of a wrong clock, in ms. */
  readonly aheadMs: number;
}

/** The gate's flags as they were given. */
export interface LimitFlags {
  readonly "coverage-threshold": string;
  readonly "failover-sla": string;
  readonly "p2p-connection-sla": string;
  readonly "conflict-resolution-sla": string;
}

/** Limits where no flag says otherwise (spec of the contracts: 95 %, 5 s, 3 s, 2 s). */
export const defaultLimits: LimitFlags = {
  "coverage-threshold": "95",
  "failover-sla": "5s",
  "p2p-connection-sla": "3s",
  "conflict-resolution-sla": "2s",
};

/** The policy that flags alone make. Throws `HarnessError` (exit 64) for a value that is none. A policy file will be another source of the same type. */
export function policyOf(flags: LimitFlags): Policy {
  return {
    limits: {
      coverage_threshold: percent(flags["coverage-threshold"]),
      failover_sla_ms: parseDuration(flags["failover-sla"], "--failover-sla"),
      p2p_connection_sla_ms: parseDuration(flags["p2p-connection-sla"], "--p2p-connection-sla"),
      conflict_resolution_sla_ms: parseDuration(flags["conflict-resolution-sla"], "--conflict-resolution-sla"),
    },
    oldestMs: 24 * 3_600_000,
    aheadMs: 5 * 60_000,
  };
}

function percent(text: string): number {
  const value = /^\d+(\.\d+)?%?$/.test(text.trim()) ? Number.parseFloat(text) : Number.NaN;
  if (value >= 0 && value <= 100) return value;
  throw new HarnessError(`--coverage-threshold: "${text}" is no percentage`, {
    code: "not-a-percentage",
    exit: "usage",
    next: "write a number from 0 to 100, as --coverage-threshold 95",
  });
}
