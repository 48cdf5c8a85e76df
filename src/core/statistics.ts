/**
 * What n successes out of n show: with 95 % confidence at least this share of all such repetitions succeeds (0 to 1). From
 * 0.95 = 1 - p^n, so p = 0.05^(1/n); 5 show 55 %, 59 show 95 %. 0 for none.
 */
export function shownShare(successes: number): number {
  return successes <= 0 ? 0 : 0.05 ** (1 / successes);
}

/** How many successes in a row it takes to show at least this share with 95 % confidence: 59 for 0.95. */
export function repetitionsToShow(share: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(share));
}
