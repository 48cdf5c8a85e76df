import type { Measurement } from "./measurement.ts";

/** One look at what is waited for: when, in ms since the run's start, and whether it held then. */
export type Look = readonly [atMs: number, holds: boolean];

/**
 * What one time was told from, small enough to stand in the report: from these samples anybody can compute it again. Looks are in order; of
 * several in a row that say the same, those that decide nothing may be left out.
 */
export interface Track {
  /** Whom or what the time is of: a fault, or a node. */
  readonly subject: string;
  /** When it began: not before the first, not after the second, in ms since the run's start. */
  readonly from: readonly [earliestMs: number, latestMs: number];
  readonly looks: readonly Look[];
  /** For so long it must go on holding to count, in ms; its time is that of the first look at which it held. */
  readonly holdMs: number;
}

/** What came of one track, in ms: a bracket, or how long it was waited in vain. */
export type Settled =
  | { readonly kind: "settled"; readonly low: number; readonly high: number; readonly atMs: number }
  | { readonly kind: "beyond"; readonly atLeast: number };

/**
 * From the beginning to the first look at which it held and went on holding. The lower end stops at the last look before that at which it did
 * not; where it never came to hold, it was waited until the last look at which it did not.
 */
export function settle({ from: [earliestMs, latestMs], looks, holdMs }: Track): Settled {
  let brokenMs = latestMs;
  let heldFromMs: number | null = null;
  for (const [atMs, holds] of looks) {
    if (!holds) {
      brokenMs = atMs;
      heldFromMs = null;
      continue;
    }
    heldFromMs ??= atMs;
    if (atMs - heldFromMs < holdMs) continue;
    const high = heldFromMs - earliestMs;
    return { kind: "settled", low: Math.min(high, Math.max(0, brokenMs - latestMs)), high, atMs: heldFromMs };
  }
  return { kind: "beyond", atLeast: Math.max(0, brokenMs - latestMs) };
}

/** What a time measure says of itself beside its number. */
export interface Timed {
  readonly measure: string;
  readonly note: string;
  /** How many samples it rests on. */
  readonly samples: number;
}

/** The measurement that tracks come to: the worst of them, beyond if one is. Not measured if there is none. */
export function timeMeasurement(tracks: readonly Track[], { measure, note, samples }: Timed): Measurement {
  const shared = { measure, unit: "ms" } as const;
  if (tracks.length === 0) return { kind: "not-measured", ...shared, reason: note };
  let worst: Extract<Settled, { kind: "settled" }> | null = null;
  let atLeast: number | null = null;
  for (const settled of tracks.map(settle)) {
    if (settled.kind === "beyond") atLeast = Math.max(atLeast ?? 0, settled.atLeast);
    else if (worst === null || settled.high > worst.high) worst = settled;
  }
  if (atLeast !== null || worst === null) return { kind: "beyond", ...shared, atLeast: atLeast ?? 0, note, tracks };
  const { low, high } = worst;
  return { kind: "measured", ...shared, low, high, resolutionMs: high - low, samples, note, tracks };
}

/** Leaves out the looks that decide nothing: of a row that says the same, all but the first and the last. */
export function thinned(looks: readonly Look[]): readonly Look[] {
  return looks.filter(([, holds], index) => looks[index - 1]?.[1] !== holds || looks[index + 1]?.[1] !== holds);
}
