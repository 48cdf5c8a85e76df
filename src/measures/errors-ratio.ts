import type { Measure } from "../core/check.ts";
import type { Measurement } from "../core/measurement.ts";
import { finalReadsMs } from "../core/written-keys.ts";

const measured = { measure: "errors.ratio", unit: "ratio" } as const;

/**
 * Share (0 to 1) of the operations before the final reads that were refused or not answered. The lower end leaves out those of which nobody
 * knows. A compare-and-set that was refused for certain is no error: most of them found another value, which is an answer.
 */
export const errorsRatio: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary:
    "Share of the operations before the final reads that were refused or not answered, compare-and-sets that found another value left out.",
  measure: ({ history }): Measurement => {
    const endMs = finalReadsMs(history) ?? Infinity;
    const counts = { ok: 0, fail: 0, info: 0 };
    for (const { kind, outcome, invokedMs } of history.operations()) {
      if (invokedMs >= endMs) continue;
      // A compare-and-set that found another value was answered: its refusal is what was asked for.
      counts[kind === "cas" && outcome === "fail" ? "ok" : outcome] += 1;
    }
    const all = counts.ok + counts.fail + counts.info;
    if (all === 0) return { kind: "not-measured", ...measured, reason: "no operation was asked for" };
    const note = `of ${all} operations ${counts.fail} were refused and ${counts.info} not answered`;
    const [low, high] = [counts.fail / all, (counts.fail + counts.info) / all];
    return { kind: "measured", ...measured, low, high, resolutionMs: null, samples: all, note };
  },
};
