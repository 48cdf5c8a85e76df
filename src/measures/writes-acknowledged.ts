import type { Measure } from "../core/check.ts";
import type { Measurement } from "../core/measurement.ts";

const measured = { measure: "writes.acknowledged", unit: "count" } as const;

/** How many writes and compare-and-sets were acknowledged in the whole run: that there was something to lose. Not measured if none was asked for. */
export const writesAcknowledged: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary: "How many writes and compare-and-sets were acknowledged: that there was something to lose.",
  measure: ({ history }): Measurement => {
    let asked = 0;
    let count = 0;
    for (const { kind, outcome } of history.operations()) {
      if (kind === "read") continue;
      asked += 1;
      if (outcome === "ok") count += 1;
    }
    if (asked === 0) return { kind: "not-measured", ...measured, reason: "no write was asked for" };
    const note = `${count} of ${asked} writes and compare-and-sets were acknowledged`;
    return { kind: "measured", ...measured, low: count, high: count, resolutionMs: null, samples: asked, note };
  },
};
