/** How many samples were of which length: pairs of ms and count, in order of ms, and how many had no end. Small enough to stand in a report. */
export interface Spread {
  /** Lengths are rounded up, by at most 2.5 % or 0.1 ms, so that none is told shorter than it was. */
  readonly lengths: readonly (readonly [ms: number, count: number])[];
  /** Samples that never came to an end: longer than every length. */
  readonly endless: number;
}

/** The spread of samples in ms; Infinity for one without an end. */
export function spreadOf(samplesMs: Iterable<number>): Spread {
  const counts = new Map<number, number>();
  let endless = 0;
  for (const sample of samplesMs) {
    if (!Number.isFinite(sample)) endless += 1;
    else {
      const ms = roundedUp(sample);
      counts.set(ms, (counts.get(ms) ?? 0) + 1);
    }
  }
  return { lengths: [...counts].sort(([left], [right]) => left - right), endless };
}

/** Several spreads as one: ranks of all samples together, which no mean of ranks would be. */
export function merged(spreads: readonly Spread[]): Spread {
  const counts = new Map<number, number>();
  for (const { lengths } of spreads) for (const [ms, count] of lengths) counts.set(ms, (counts.get(ms) ?? 0) + count);
  return {
    lengths: [...counts].sort(([left], [right]) => left - right),
    endless: spreads.reduce((sum, { endless }) => sum + endless, 0),
  };
}

/** How many samples there are. */
export function sizeOfSpread({ lengths, endless }: Spread): number {
  return lengths.reduce((sum, length) => sum + length[1], endless);
}

/** The length that this share (0 to 1) of the samples does not exceed, by the nearest rank, in ms; Infinity where it never ended; null of none. */
export function rankOf(spread: Spread, share: number): number | null {
  const size = sizeOfSpread(spread);
  if (size === 0) return null;
  let left = Math.max(1, Math.ceil(share * size));
  const reached = spread.lengths.find((length) => (left -= length[1]) <= 0);
  return reached?.[0] ?? Infinity;
}

/** Upwards to the next of about 150 lengths a decade, as 1.02, 2.05 or 5.1: at most 2.5 % more. Below 1 ms tenths are told apart. */
function roundedUp(ms: number): number {
  if (ms <= 0) return 0;
  const decade = 10 ** Math.floor(Math.log10(ms));
  const leading = ms / decade;
  const step = Math.max(0.1, decade * (leading < 2 ? 0.02 : leading < 5 ? 0.05 : 0.1));
  // The quotient of two decimals may lie a hair above a whole number.
  return Number((Math.ceil(Number((ms / step).toFixed(6))) * step).toFixed(3));
}
