import type { Measure } from "../core/check.ts";
import type { Operation } from "../core/history.ts";
import { ranked } from "../core/ranked.ts";
import { spreadOf } from "../core/spread.ts";
import { calmStretches, isAnswered } from "../core/calm.ts";

/**
 * The time within which 95 % of the requests were answered that were asked while no fault was in force (spec/1-mission: < 2 s). One without
 * an answer counts as endless; one that was refused counts, too, because nobody was served by it.
 */
export const latencyP95: Measure = {
  name: "latency.p95",
  unit: "ms",
  summary: "Time within which 95 % of the requests are answered that are asked while no fault is in force.",
  measure: ({ history }) => {
    const calm = calmStretches(history);
    const samples: number[] = [];
    for (const operation of history.operations()) {
      const { invokedMs } = operation;
      if (calm.some(([fromMs, toMs]) => invokedMs >= fromMs && invokedMs < toMs)) samples.push(lengthMs(operation));
    }
    return ranked(spreadOf(samples), "latency.p95");
  },
};

function lengthMs(operation: Operation): number {
  return isAnswered(operation) ? operation.completedMs - operation.invokedMs : Infinity;
}
