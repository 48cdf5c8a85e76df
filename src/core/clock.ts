/**
 * The harness's one clock: CLOCK_MONOTONIC, in ms. Every process on one host reads the same one, so that the keeper's stamps and the
 * runner's can be compared. Never wall time: it jumps.
 */
export interface Clock {
  /** Milliseconds since an arbitrary fixed moment, with a fraction. */
  nowMs(): number;
}

/** The system's monotonic clock. */
export const systemClock: Clock = { nowMs: () => Number(process.hrtime.bigint()) / 1e6 };

/** The wall clock in ms since 1970: what the clocks of nodes are held against, and nothing is measured with. */
export function wallMs(): number {
  return Date.now();
}

/** Wall time as RFC 3339, for people only: nothing is measured with it. */
export function wallTime(): string {
  return new Date().toISOString();
}

/** A moment so many ms after one that is given as RFC 3339, in the same form; null if that is none. */
export function wallTimeAfter(time: string, ms: number): string | null {
  const atMs = Date.parse(time);
  return Number.isNaN(atMs) ? null : new Date(atMs + ms).toISOString();
}

/** The day of a moment, in UTC, as 2026-12-15. */
export function dayOf(msSince1970: number): string {
  return new Date(msSince1970).toISOString().slice(0, 10);
}
