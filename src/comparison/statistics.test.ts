import { array, assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { repetitionsToShow, shownShare } from "../core/statistics.ts";
import { fewerHits } from "./fisher.ts";
import { holm } from "./holm.ts";
import { rankSum } from "./rank-sum.ts";
import { median, shiftOf } from "./shift.ts";

/** Every way of choosing so many of a list. */
function choices<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const [first, ...rest] = list;
  if (size === 0) return [[]];
  if (first === undefined) return [];
  return [...choices(rest, size - 1).map((one) => [first, ...one]), ...choices(rest, size)];
}

/** The same by definition: of all ways to divide the values into two, the share in which the second lies as high or higher. */
function byDefinition(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const rank = (value: number): number =>
    all.filter((one) => one < value).length + (all.filter((one) => one === value).length + 1) / 2;
  const sum = (values: readonly number[]): number => values.reduce((left, value) => left + rank(value), 0);
  const divided = choices(
    all.map((_, index) => index),
    second.length,
  ).map((chosen) => sum(chosen.map((index) => all[index] ?? 0)));
  return divided.filter((one) => one >= sum(second) - 1e-9).length / divided.length;
}

describe("Mann-Whitney", () => {
  test.each<readonly [string, readonly number[], readonly number[], number, number]>([
    ["three against three, apart", [1, 2, 3], [4, 5, 6], 1 / 20, 1],
    ["five against five, apart", [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 1 / 252, 1],
    ["four against four, apart the other way", [5, 6, 7, 8], [1, 2, 3, 4], 1, 1 / 70],
    ["five against four, of a textbook (U = 3)", [19, 22, 16, 29, 24], [20, 11, 17, 12], 122 / 126, 7 / 126],
    ["all alike", [1, 1, 1], [1, 1, 1], 1, 1],
    ["one that never ended among those that did", [1, 2, 3], [4, 5, Infinity], 1 / 20, 1],
  ])("is exact: %s.", (_what, first, second, higher, lower) => {
    const found = rankSum(first, second);
    expect(found?.higher).toBeCloseTo(higher, 12);
    expect(found?.lower).toBeCloseTo(lower, 12);
  });

  test("is what counting every division of the values gives, with ties.", () => {
    const values = array(integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 });
    assert(
      property(values, values, (first, second) => {
        expect(rankSum(first, second)?.higher).toBeCloseTo(byDefinition(first, second), 9);
        expect(rankSum(first, second)?.lower).toBeCloseTo(byDefinition(second, first), 9);
      }),
    );
  });

  test("of many samples is the normal distribution's, close to the exact one where that is still counted.", () => {
    const base = Array.from({ length: 40 }, (_, index) => index);
    const higher = (by: number, size: number): number =>
      rankSum(
        base.slice(0, size),
        base.slice(0, size).map((one) => one + by + 0.5),
      )?.higher ?? 1;
    for (const by of [0, 3, 6, 9]) {
      const [exact, normal] = [higher(by, 30), higher(by, 31)];
      expect(Math.abs(exact - normal)).toBeLessThan(0.01);
    }
    expect(higher(20, 40)).toBeLessThan(1e-8);
  });

  test("says how often one lies above the other, and nothing of none.", () => {
    expect(rankSum([1, 2, 3], [1, 2, 3])?.above).toBe(0.5);
    expect([rankSum([1, 2], [3, 4])?.above, rankSum([3, 4], [1, 2])?.above]).toEqual([1, 0]);
    expect([rankSum([], [1]), rankSum([1], [])]).toEqual([null, null]);
  });
});

test("The shift is the median of all differences; what never ended is endlessly far, and two of it are alike.", () => {
  expect(shiftOf([1, 2, 3], [11, 12, 13])).toBe(10);
  expect(shiftOf([1, 5], [2, 9])).toBe(2.5);
  expect(shiftOf([1, 2], [Infinity, Infinity])).toBe(Infinity);
  expect(shiftOf([Infinity], [Infinity])).toBe(0);
  expect([shiftOf([], [1]), median([]), median([3, 1, 2]), median([4, 1])]).toEqual([null, null, 2, 2.5]);
});

test("Holm's correction multiplies the least by how many there are, and never falls again.", () => {
  const close = (found: readonly number[], wanted: readonly number[]): void => {
    expect(found.map((one) => one.toFixed(12))).toEqual(wanted.map((one) => one.toFixed(12)));
  };
  close(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  close(holm([0.5, 0.9]), [1, 1]);
  close(holm([]), []);
});

test("Fisher's exact test is the tea taster's, and that of a run that always passed and no longer does.", () => {
  expect(fewerHits({ hits: 3, of: 4 }, { hits: 1, of: 4 })).toBeCloseTo(17 / 70, 12);
  expect(fewerHits({ hits: 5, of: 5 }, { hits: 0, of: 5 })).toBeCloseTo(1 / 252, 12);
  expect(fewerHits({ hits: 5, of: 5 }, { hits: 5, of: 5 })).toBeCloseTo(1, 12);
  expect(fewerHits({ hits: 0, of: 3 }, { hits: 3, of: 3 })).toBeCloseTo(1, 12);
});

test.each([
  [3, 0.3684],
  [5, 0.5493],
  [10, 0.7411],
  [15, 0.819],
  [20, 0.8609],
  [30, 0.905],
  [59, 0.9505],
  [100, 0.9705],
  [299, 0.99003],
])("%i successes of as many show a share of %f, with 95 %% confidence.", (successes, share) => {
  expect(shownShare(successes)).toBeCloseTo(share, 4);
  expect(shownShare(successes) ** successes).toBeCloseTo(0.05, 12);
});

test("To show 95 % takes 59 runs, 99 % takes 299, 90 % takes 29.", () => {
  expect([0.9, 0.95, 0.99].map(repetitionsToShow)).toEqual([29, 59, 299]);
});
