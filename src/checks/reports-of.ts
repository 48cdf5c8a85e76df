import type { Evidenced } from "../core/check.ts";
import type { Sample } from "../core/probe.ts";

/** What a node told of itself (`metrics`), asked for after this moment (ms since the run's start), in order. */
export function reportsOf(node: string, sinceMs: number, { history }: Pick<Evidenced, "history">): readonly Sample[] {
  return [...history.eventsOf("probe.sampled")].filter(
    (sample) => sample.probe === "metrics" && sample.node === node && sample.error === null && sample.sentMs >= sinceMs,
  );
}
