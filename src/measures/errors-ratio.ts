import type { Measure } from "../core/check.ts";
import type { Measurement } from "../core/measurement.ts";
import { finalReadsMs } from "../core/written-keys.ts";

const measured = { measure: "errors.ratio", unit: "ratio" } as const;

/**
 * Share (0 to 1) of the operations before the final reads that were not acknowledged. The lower end leaves out those of which nobody knows.
 * A compare-and-set that found another value counts as refused, as its client sees it.
 */
export const errorsRatio: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary: "Share of the operations before the final reads that were refused or not answered.",
  measure: ({ history }): Measurement => {
    const endMs = finalReadsMs(history) ?? Infinity;
    const counts = { ok: 0, fail: 0, info: 0 };
    for (const { outcome, invokedMs } of history.operations()) if (invokedMs < endMs) counts[outcome] += 1;
    const all = counts.ok + counts.fail + counts.info;
    if (all === 0) return { kind: "not-measured", ...measured, reason: "no operation was asked for" };
    const note = `of ${all} operations ${counts.fail} were refused and ${counts.info} not answered`;
    const [low, high] = [counts.fail / all, (counts.fail + counts.info) / all];
    return { kind: "measured", ...measured, low, high, resolutionMs: null, samples: all, note };
  },
};
