import type { History } from "../../core/history.ts";
import type { TimeAxis } from "./time-axis.ts";

/** How operations ended that ended in one stretch of time, and how long those took that were acknowledged. */
export interface Bucket {
  readonly fromMs: number;
  readonly ok: number;
  /** Nobody knows what came of them. */
  readonly info: number;
  /** Refused, and no compare-and-set. */
  readonly refused: number;
  /** Compare-and-sets that were refused: most of them found another value, which is an answer. */
  readonly unmatched: number;
  /** Of the acknowledged, in ms; null: there is none. */
  readonly medianMs: number | null;
  /** Null also where fewer than 20 were acknowledged. */
  readonly p95Ms: number | null;
  readonly worstMs: number | null;
}

/** So many it takes to tell a 95th percentile of what was measured from its greatest value. */
const leastForP95 = 20;

interface Counts {
  readonly latencies: number[];
  info: number;
  refused: number;
  unmatched: number;
}

/** The operations of the axis's stretch, by when they ended; one without an end counts when the run had ended. */
export function bucketsOf(history: History, { fromMs, toMs, bucketMs }: TimeAxis): readonly Bucket[] {
  const count = Math.max(1, Math.ceil((toMs - fromMs) / bucketMs));
  const all = Array.from({ length: count }, (): Counts => ({ latencies: [], info: 0, refused: 0, unmatched: 0 }));
  for (const { kind, outcome, invokedMs, completedMs } of history.operations()) {
    const endMs = Math.min(completedMs, history.endMs);
    if (endMs < fromMs || endMs > toMs) continue;
    const bucket = all[Math.min(count - 1, Math.floor((endMs - fromMs) / bucketMs))];
    if (bucket === undefined) continue;
    if (outcome === "ok") bucket.latencies.push(completedMs - invokedMs);
    else if (outcome === "info") bucket.info += 1;
    else bucket[kind === "cas" ? "unmatched" : "refused"] += 1;
  }
  return all.map(({ latencies, info, refused, unmatched }, index) => {
    const sorted = latencies.sort((left, right) => left - right);
    const rank = (share: number): number | null => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
    return {
      fromMs: fromMs + index * bucketMs,
      ok: sorted.length,
      info,
      refused,
      unmatched,
      medianMs: rank(0.5),
      p95Ms: sorted.length >= leastForP95 ? rank(0.95) : null,
      worstMs: rank(1),
    };
  });
}
