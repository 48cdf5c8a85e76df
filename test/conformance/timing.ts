import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";

/** How early a timer of the system may be, in ms. */
const earlyMs = 2;
const apartMs = 30;

/** What samples of a delay are judged by. */
export interface Stated {
  readonly ms: number;
  /** How much more the least of them may be. */
  readonly slackMs: number;
}

/**
 * Every delay is at least what is stated; the least of them is at most `slackMs` more. What else happens on the machine makes some of them
 * late, a wrong delay makes all of them so.
 */
export function expectDelays(measuredMs: readonly number[], { ms, slackMs }: Stated): void {
  expect(measuredMs.length).toBeGreaterThan(0);
  expect(Math.min(...measuredMs)).toBeGreaterThanOrEqual(ms - earlyMs);
  expect(Math.min(...measuredMs)).toBeLessThanOrEqual(ms + slackMs);
}

/** Runs something so often, one after the other, and gives back what each run gave. */
export async function repeated<T>(times: number, run: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await run(index));
  return results;
}

/** Runs something for each item, all at the same time but for a short way between their beginnings, so that a moment in which the machine is busy hits few of them. */
export function staggered<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<readonly R[]> {
  return Promise.all(
    items.map(async (item, index) => {
      await delay(index * apartMs);
      return run(item);
    }),
  );
}

/** Column `column` of rows of measurements. */
export function columnOf(rows: readonly (readonly number[])[], column: number): readonly number[] {
  return rows.map((row) => row[column] ?? NaN);
}
