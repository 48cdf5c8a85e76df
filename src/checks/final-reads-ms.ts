import type { History } from "../core/history.ts";

/** When the final reads began, in ms since the run's start, or null if the run did not come to them. */
export function finalReadsMs(history: History): number | null {
  for (const { phase, atMs } of history.eventsOf("phase.entered")) if (phase === "final-reads") return atMs;
  return null;
}
