/** So many samples in all are counted exactly: of more, the normal distribution is as good. */
const mostExact = 60;

/** What the Mann-Whitney test says of two samples. */
export interface RankSum {
  /** How likely the second would lie as high above the first by chance, were they the same (one-sided), 0 to 1. */
  readonly higher: number;
  /** The same of as low below it. */
  readonly lower: number;
  /** How often a value of the second is above one of the first, ties as half (Vargha and Delaney's A), 0 to 1; 0.5 is no difference. */
  readonly above: number;
}

/**
 * The Mann-Whitney (Wilcoxon rank-sum) test, with midranks for ties: exact, by counting every way in which the ranks could have fallen, for up to
 * 60 samples; else by the normal distribution with the correction for ties. What never ended is Infinity, the highest rank. Null where one is empty.
 */
export function rankSum(first: readonly number[], second: readonly number[]): RankSum | null {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return null;
  const all = [...first, ...second];
  const ranks = doubledRanks(all);
  const sum = ranks.slice(n).reduce((left, rank) => left + rank, 0);
  const above = (sum / 2 - (m * (m + 1)) / 2) / (n * m);
  const tail = n + m <= mostExact ? exactTail(ranks, m) : normalTail(ranks, m);
  return { higher: tail.atLeast(sum), lower: tail.atMost(sum), above };
}

/** The rank of each value among all, twice: equal ones share the mean of their ranks, which is then whole. */
function doubledRanks(all: readonly number[]): readonly number[] {
  const sorted = all.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const bounds = new Map<number, readonly [first: number, last: number]>();
  for (const [index, value] of sorted.entries()) bounds.set(value, [bounds.get(value)?.[0] ?? index + 1, index + 1]);
  return all.map((value) => {
    const [from, to] = bounds.get(value) ?? [0, 0];
    return from + to;
  });
}

/** How likely a sum of ranks is, if every way of choosing them is as likely. */
interface Tail {
  readonly atLeast: (sum: number) => number;
  readonly atMost: (sum: number) => number;
}

/** Counts, for each sum, in how many ways `size` of the ranks come to it. */
function exactTail(ranks: readonly number[], size: number): Tail {
  const ways = Array.from({ length: size + 1 }, () => new Map<number, number>());
  ways[0]?.set(0, 1);
  for (const rank of ranks) {
    for (let chosen = size - 1; chosen >= 0; chosen -= 1) {
      const into = ways[chosen + 1];
      for (const [sum, count] of ways[chosen] ?? []) into?.set(sum + rank, (into.get(sum + rank) ?? 0) + count);
    }
  }
  const sums = [...(ways[size] ?? [])];
  const total = sums.reduce((left, [, count]) => left + count, 0);
  const share = (isMeant: (sum: number) => boolean): number =>
    sums.reduce((left, [sum, count]) => left + (isMeant(sum) ? count : 0), 0) / total;
  return { atLeast: (limit) => share((sum) => sum >= limit), atMost: (limit) => share((sum) => sum <= limit) };
}

function normalTail(ranks: readonly number[], size: number): Tail {
  const count = ranks.length;
  const mean = size * (count + 1);
  const ties = [...Map.groupBy(ranks, (rank) => rank).values()].reduce(
    (left, { length }) => left + length ** 3 - length,
    0,
  );
  // Of doubled ranks: four times the usual variance.
  const variance = ((size * (count - size)) / 3) * (count + 1 - ties / (count * (count - 1)));
  const deviation = Math.sqrt(variance);
  // Ranks are doubled, so that half a step of the sum is one.
  const above = (limit: number): number => (deviation === 0 ? 1 : upperTail((limit - 1 - mean) / deviation));
  return { atLeast: above, atMost: (limit) => (deviation === 0 ? 1 : upperTail((mean - limit - 1) / deviation)) };
}

/** The normal distribution's share above z, to 1e-7 (Abramowitz and Stegun, 7.1.26 over erfc). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.327_591_1 * (z / Math.SQRT2));
  const series =
    t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  return (series * Math.exp((-z * z) / 2)) / 2;
}
