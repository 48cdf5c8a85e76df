/** Of how many something is so. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** How likely the second would have as few hits or fewer by chance, were both the same (Fisher's exact test, one-sided), 0 to 1. */
export function fewerHits(first: Share, second: Share): number {
  const [hits, all] = [first.hits + second.hits, first.of + second.of];
  let sum = 0;
  for (let count = Math.max(0, hits - first.of); count <= Math.min(second.hits, hits); count += 1) {
    sum += Math.exp(logChoose(second.of, count) + logChoose(first.of, hits - count) - logChoose(all, hits));
  }
  return Math.min(1, sum);
}

function logChoose(of: number, chosen: number): number {
  let sum = 0;
  for (let index = 1; index <= chosen; index += 1) sum += Math.log((of - chosen + index) / index);
  return sum;
}
