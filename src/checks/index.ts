import type { Check } from "../core/check.ts";
import { acknowledgedWrites } from "./acknowledged-writes.ts";
import { atRisk } from "./at-risk.ts";
import { faultGone } from "./fault-gone.ts";
import { faultInForce } from "./fault-in-force.ts";
import { linearizable } from "./linearizable.ts";
import { oldLeaderStepsDown } from "./old-leader-steps-down.ts";
import { oneLeaderPerTerm } from "./one-leader-per-term.ts";
import { steadyBefore } from "./steady-before.ts";

/** Every check, by the name that a scenario uses. */
export const checks = {
  "acknowledged-writes": acknowledgedWrites,
  "at-risk": atRisk,
  "fault-gone": faultGone,
  "fault-in-force": faultInForce,
  linearizable,
  "old-leader-steps-down": oldLeaderStepsDown,
  "one-leader-per-term": oneLeaderPerTerm,
  "steady-before": steadyBefore,
} as const satisfies Record<string, Check>;
