import type { Measure } from "../core/check.ts";
import type { Measurement } from "../core/measurement.ts";
import { finalReadsMs, finalsOf, writtenKeys } from "../core/written-keys.ts";

const measured = { measure: "writes.lost", unit: "count" } as const;

/**
 * How many keys lost an acknowledged write (spec/1-mission: 0), each at least one write. The upper end counts also the keys that no final read
 * was answered for. Not measured if nothing was acknowledged, or if the run did not come to its final reads.
 */
export const writesLost: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary: "How many keys lost an acknowledged write, told from the reads after everything is healed and quiet.",
  measure: ({ history }): Measurement => {
    const finalMs = finalReadsMs(history);
    if (finalMs === null) return notMeasured("the run did not come to its final reads");
    const keys = [...writtenKeys(history, finalMs).values()].filter(({ acknowledged }) => acknowledged.length > 0);
    if (keys.length === 0) return notMeasured("no write was acknowledged");
    const lost = keys.filter((key) => finalsOf(key).wrong.length > 0).length;
    const notRead = keys.filter(({ finals }) => finals.length === 0).length;
    const note = `${keys.length} keys had an acknowledged write; ${notRead} of them were not read after healing`;
    const samples = keys.length - notRead;
    return { kind: "measured", ...measured, low: lost, high: lost + notRead, resolutionMs: null, samples, note };
  },
};

function notMeasured(reason: string): Measurement {
  return { kind: "not-measured", ...measured, reason };
}
