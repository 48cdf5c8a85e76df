import type { Check } from "../core/check.ts";
import { acknowledgedEdits } from "./acknowledged-edits.ts";
import { acknowledgedWrites } from "./acknowledged-writes.ts";
import { atRisk } from "./at-risk.ts";
import { faultGone } from "./fault-gone.ts";
import { faultInForce } from "./fault-in-force.ts";
import { integrityHash } from "./integrity-hash.ts";
import { linearizable } from "./linearizable.ts";
import { minorityRefusesWrites } from "./minority-refuses-writes.ts";
import { oldLeaderStepsDown } from "./old-leader-steps-down.ts";
import { oneLeaderPerTerm } from "./one-leader-per-term.ts";
import { replicasConverge } from "./replicas-converge.ts";
import { seenFromBothSides } from "./seen-from-both-sides.ts";
import { steadyBefore } from "./steady-before.ts";

/** Every check, by the name that a scenario uses. */
export const checks = {
  "acknowledged-edits": acknowledgedEdits,
  "acknowledged-writes": acknowledgedWrites,
  "at-risk": atRisk,
  "fault-gone": faultGone,
  "fault-in-force": faultInForce,
  "integrity-hash": integrityHash,
  linearizable,
  "minority-refuses-writes": minorityRefusesWrites,
  "old-leader-steps-down": oldLeaderStepsDown,
  "one-leader-per-term": oneLeaderPerTerm,
  "replicas-converge": replicasConverge,
  "seen-from-both-sides": seenFromBothSides,
  "steady-before": steadyBefore,
} as const satisfies Record<string, Check>;
