import { faultSpans, type History, type Operation } from "./history.ts";
import { finalReadsMs } from "./written-keys.ts";

/** A stretch of time without a fault in force, in ms since the run's start. */
export type Calm = readonly [fromMs: number, toMs: number];

/** The stretches between the first and the last request of the traffic in which no fault was in force, being injected or being healed. */
export function calmStretches(history: History): readonly Calm[] {
  const endMs = finalReadsMs(history) ?? history.endMs;
  let [firstMs, lastMs] = [Infinity, 0];
  for (const { invokedMs } of history.operations()) {
    if (invokedMs >= endMs) continue;
    firstMs = Math.min(firstMs, invokedMs);
    lastMs = Math.max(lastMs, invokedMs);
  }
  const stretches: Calm[] = [];
  let fromMs = firstMs;
  for (const { startedMs, healedMs } of faultSpans(history).toSorted((a, b) => a.startedMs - b.startedMs)) {
    if (startedMs > fromMs) stretches.push([fromMs, Math.min(startedMs, lastMs)]);
    fromMs = Math.max(fromMs, healedMs ?? Infinity);
  }
  if (lastMs > fromMs) stretches.push([fromMs, lastMs]);
  return stretches;
}

/** Whether a request got its answer: a compare-and-set that found another value did. */
export function isAnswered({ outcome, kind }: Operation): boolean {
  return outcome === "ok" || (kind === "cas" && outcome === "fail");
}
