import { wallTimeAfter } from "../core/clock.ts";
import { type JournalEntry, openInjections } from "./journal.ts";

/** A fault that a run has in force, by its journal: of how many actions, and since when (RFC 3339). */
export interface FaultLeft {
  readonly fault: string;
  readonly actions: number;
  readonly since: string;
}

/** The faults that were begun and are not healed, oldest first. `openedAt` is when the run was opened, RFC 3339. */
export function faultsLeft(entries: readonly JournalEntry[], openedAt: string): readonly FaultLeft[] {
  const openedMs = entries.find(({ entry }) => entry === "opened")?.atMs ?? 0;
  const begunMs = new Map(
    entries.flatMap((entry) => (entry.entry === "injecting" ? [[entry.action.id, entry.atMs] as const] : [])),
  );
  const byFault = Map.groupBy(openInjections(entries), ({ action }) => action.fault);
  return [...byFault].map(([fault, injections]) => {
    const firstMs = Math.min(...injections.map(({ action }) => begunMs.get(action.id) ?? openedMs));
    return { fault, actions: injections.length, since: wallTimeAfter(openedAt, firstMs - openedMs) ?? "" };
  });
}
