/** The mean of what was counted in each whole second. */
export function perSecondMean(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0) / counts.length;
}
