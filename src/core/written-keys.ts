import type { History, Operation } from "./history.ts";

/** When the final reads began, in ms since the run's start, or null if the run did not come to them. */
export function finalReadsMs(history: History): number | null {
  for (const { phase, atMs } of history.eventsOf("phase.entered")) if (phase === "final-reads") return atMs;
  return null;
}

/** What was done to one key. */
export interface WrittenKey {
  /** Writes and cas that were acknowledged. */
  readonly acknowledged: Operation[];
  /** Writes and cas that may have happened or may yet. */
  readonly inDoubt: Operation[];
  readonly refused: Operation[];
  /** Final reads that were answered. */
  readonly finals: Operation[];
}

/** Every key of a history, with what was written to it and what its final reads gave. */
export function writtenKeys(history: History, finalMs: number): ReadonlyMap<string, WrittenKey> {
  const keys = new Map<string, WrittenKey>();
  for (const operation of history.operations()) {
    const { key, kind, outcome, invokedMs } = operation;
    const written = keys.get(key) ?? { acknowledged: [], inDoubt: [], refused: [], finals: [] };
    keys.set(key, written);
    if (kind === "read") {
      if (outcome === "ok" && invokedMs >= finalMs) written.finals.push(operation);
    } else if (outcome === "ok") {
      written.acknowledged.push(operation);
    } else {
      (outcome === "info" ? written.inDoubt : written.refused).push(operation);
    }
  }
  return keys;
}

/** Final reads of a key that gave what it cannot hold any more, and the acknowledged writes that it must hold one of, unless one in doubt happened. */
export function finalsOf({ acknowledged, inDoubt, finals }: WrittenKey): {
  readonly wrong: readonly Operation[];
  readonly standing: readonly Operation[];
} {
  const firstFinalMs = finals.reduce((least, { invokedMs }) => Math.min(least, invokedMs), Infinity);
  // Only a write that was over before the first final read can have put an end to others for all of these reads.
  const lastSentMs = acknowledged
    .filter(({ completedMs }) => completedMs < firstFinalMs)
    .reduce((latest, { invokedMs }) => Math.max(latest, invokedMs), -Infinity);
  const standing = acknowledged.filter(({ completedMs }) => completedMs >= lastSentMs);
  const allowed = new Set([...standing, ...inDoubt].map(({ value }) => value));
  return { wrong: finals.filter(({ value }) => !allowed.has(value)), standing };
}
