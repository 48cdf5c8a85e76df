import { type FaultSpan, faultSpans, type History } from "./history.ts";
import type { Plan } from "./plan.ts";
import type { Step } from "./scenario.ts";

/** A fault of a timeline that took hold: its step, how it went, whom it hit, and from when to when it was in force, in ms. */
export interface Held {
  readonly step: Extract<Step, { kind: "inject" }>;
  readonly span: FaultSpan;
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** The faults of this kind that took hold, in the order of their injection. Those on sides hit all of their nodes. */
export function heldFaults(plan: Plan, history: History, fault: string): readonly Held[] {
  const spans = new Map(faultSpans(history).map((span) => [span.fault, span]));
  return plan.timeline.flatMap((step): readonly Held[] => {
    if (step.kind !== "inject" || step.fault !== fault) return [];
    const span = spans.get(step.id);
    if (span === undefined || span.inForce === 0) return [];
    const { injectedMs: fromMs, healStartedMs } = span;
    return [{ step, span, nodes: hitNodes(step, span), fromMs, toMs: healStartedMs ?? history.endMs }];
  });
}

function hitNodes({ on }: Held["step"], { cast }: FaultSpan): readonly string[] {
  if (on.kind === "nodes") return cast[on.selections.map(({ text }) => text).join(", ")] ?? [];
  return on.sides.flatMap((side) => cast[side.map(({ text }) => text).join(" + ")] ?? []);
}
