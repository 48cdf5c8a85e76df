import type { Check } from "../core/check.ts";
import { acknowledgedBlocks } from "./acknowledged-blocks.ts";
import { acknowledgedEdits } from "./acknowledged-edits.ts";
import { acknowledgedWrites } from "./acknowledged-writes.ts";
import { atRisk } from "./at-risk.ts";
import { corruptionRepaired } from "./corruption-repaired.ts";
import { criticalAnswered } from "./critical-answered.ts";
import { degradesAsPromised } from "./degrades-as-promised.ts";
import { faultGone } from "./fault-gone.ts";
import { faultInForce } from "./fault-in-force.ts";
import { integrityHash } from "./integrity-hash.ts";
import { linearizable } from "./linearizable.ts";
import { memoryUnderLimit } from "./memory-under-limit.ts";
import { minorityRefusesWrites } from "./minority-refuses-writes.ts";
import { noCorruptBlock } from "./no-corrupt-block.ts";
import { oldLeaderStepsDown } from "./old-leader-steps-down.ts";
import { oneLeaderPerTerm } from "./one-leader-per-term.ts";
import { replicasConverge } from "./replicas-converge.ts";
import { seenFromBothSides } from "./seen-from-both-sides.ts";
import { servicesGoOn } from "./services-go-on.ts";
import { steadyBefore } from "./steady-before.ts";
import { tamperingReported } from "./tampering-reported.ts";
import { throttles } from "./throttles.ts";

/** Every check, by the name that a scenario uses. */
export const checks = {
  "acknowledged-blocks": acknowledgedBlocks,
  "acknowledged-edits": acknowledgedEdits,
  "acknowledged-writes": acknowledgedWrites,
  "at-risk": atRisk,
  "corruption-repaired": corruptionRepaired,
  "critical-answered": criticalAnswered,
  "degrades-as-promised": degradesAsPromised,
  "fault-gone": faultGone,
  "fault-in-force": faultInForce,
  "integrity-hash": integrityHash,
  linearizable,
  "memory-under-limit": memoryUnderLimit,
  "minority-refuses-writes": minorityRefusesWrites,
  "no-corrupt-block": noCorruptBlock,
  "old-leader-steps-down": oldLeaderStepsDown,
  "one-leader-per-term": oneLeaderPerTerm,
  "replicas-converge": replicasConverge,
  "seen-from-both-sides": seenFromBothSides,
  "services-go-on": servicesGoOn,
  "steady-before": steadyBefore,
  "tampering-reported": tamperingReported,
  throttles,
} as const satisfies Record<string, Check>;
