import { faultSpans, type FaultSpan, type History } from "../../core/history.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { Plan } from "../../core/plan.ts";
import type { Verdict } from "../../core/verdict.ts";

/** A fault's times, with when a witness saw it in force, in ms since the run's start; null: did not happen. */
export interface ToldFault extends FaultSpan {
  readonly seenMs: number | null;
}

/** What the drawings of a run are made of, also of one that was broken off and never judged. */
export interface Story {
  readonly plan: Plan;
  readonly history: History;
  readonly faults: readonly ToldFault[];
  readonly measurements: readonly Measurement[];
  readonly verdicts: readonly Verdict[];
}

/** The story of a history, with what was judged of it (nothing, where it was broken off). */
export function storyOf(
  { plan, measurements, verdicts }: Pick<Story, "plan" | "measurements" | "verdicts">,
  history: History,
): Story {
  const seen = new Map<string, number>();
  for (const { fault, during, seen: signs, unseen, atMs } of history.eventsOf("fault.observed")) {
    if (during === "force" && signs.length > 0 && unseen.length === 0) seen.set(fault, atMs);
  }
  const faults = faultSpans(history).map((span) => ({ ...span, seenMs: seen.get(span.fault) ?? null }));
  return { plan, history, faults, measurements, verdicts };
}

/** The stretch of a run in which something was asked of it: from shortly before the first operation or fault to its end. */
export function shownStretch({ history }: Pick<Story, "history">): { readonly fromMs: number; readonly toMs: number } {
  const toMs = history.endMs;
  let firstMs = toMs;
  for (const { invokedMs } of history.operations()) {
    firstMs = Math.min(firstMs, invokedMs);
    break;
  }
  for (const { startedMs } of history.eventsOf("fault.injected")) firstMs = Math.min(firstMs, startedMs);
  if (firstMs < toMs) return { fromMs: Math.max(0, firstMs - (toMs - firstMs) * 0.03), toMs };
  return { fromMs: 0, toMs };
}

/** The time in which so many operations end on average that it can be said of one stretch as long that nothing did, in ms. */
export function tellingStretchMs({ history }: Pick<Story, "history">): number {
  const { fromMs, toMs } = shownStretch({ history });
  let count = 0;
  for (const { outcome } of history.operations()) if (outcome === "ok") count += 1;
  return count === 0 ? 0 : (8 * (toMs - fromMs)) / count;
}
