/**
 * By how much the second sample lies above the first: the median of all differences between the two (Hodges and Lehmann). Infinity where the
 * second did not end and the first did; two that did not end do not differ. Null where one is empty.
 */
export function shiftOf(first: readonly number[], second: readonly number[]): number | null {
  const differences = second.flatMap((right) => first.map((left) => (left === right ? 0 : right - left)));
  return median(differences);
}

/** The middle value, of an even number the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) return null;
  return low === high ? low : (low + high) / 2;
}
