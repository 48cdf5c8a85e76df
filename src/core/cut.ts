import { type FaultSpan, faultSpans, type History } from "./history.ts";
import type { Plan } from "./plan.ts";

/** A cut between groups of nodes, as it was in force. */
export interface Cut {
  readonly span: FaultSpan;
  /** The nodes of each side; those on none hear all. */
  readonly sides: readonly (readonly string[])[];
}

/** The cuts between sides that took hold, in the order of their injection. */
export function cutsIn(plan: Plan, history: History): readonly Cut[] {
  const spans = new Map(faultSpans(history).map((span) => [span.fault, span]));
  return plan.timeline.flatMap((step): readonly Cut[] => {
    if (step.kind !== "inject" || step.on.kind !== "sides") return [];
    const span = spans.get(step.id);
    if (span === undefined || span.inForce === 0) return [];
    const sides = step.on.sides.map((side) => span.cast[side.map(({ text }) => text).join(" + ")] ?? []);
    return [{ span, sides }];
  });
}
