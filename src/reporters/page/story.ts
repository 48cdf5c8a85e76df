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

/** The stretch of a run in which something was asked of it: from the first operation or phase after the start of the nodes to its end. */
export function shownStretch({ history }: Story): { readonly fromMs: number; readonly toMs: number } {
  let fromMs = history.endMs;
  for (const { phase, atMs } of history.eventsOf("phase.entered")) {
    if (phase !== "starting") fromMs = Math.min(fromMs, atMs);
  }
  for (const { invokedMs } of history.operations()) {
    fromMs = Math.min(fromMs, invokedMs);
    break;
  }
  for (const { startedMs } of history.eventsOf("fault.injected")) fromMs = Math.min(fromMs, startedMs);
  return { fromMs: fromMs < history.endMs ? fromMs : 0, toMs: history.endMs };
}
