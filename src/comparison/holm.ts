/** P-values corrected for how many there are (Holm): in the order in which they were given, each at most 1. */
export function holm(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted((left, right) => left.value - right.value);
  const corrected = values.map(() => 1);
  let largest = 0;
  for (const [rank, { value, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, value * (values.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
