import { assert, array, double, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { ranked } from "./ranked.ts";
import { merged, rankOf, sizeOfSpread, spreadOf } from "./spread.ts";

test("A sample is rounded up a little, never down, and what is close together is one length.", () => {
  expect(spreadOf([12.34, 12.4, 1234, 0.0004, 0, 5, 5]).lengths).toEqual([
    [0, 1],
    [0.1, 1],
    [5, 2],
    [12.4, 2],
    [1240, 1],
  ]);
  assert(
    property(double({ min: 0.001, max: 1e7, noNaN: true }), (ms) => {
      const [[told] = [0]] = spreadOf([ms]).lengths;
      expect(told).toBeGreaterThanOrEqual(ms * (1 - 1e-6));
      expect(told).toBeLessThanOrEqual(Math.max(ms * 1.0251, ms + 0.1001));
    }),
  );
});

test("A rank is that of the sorted samples, by the nearest rank.", () => {
  const hundred = spreadOf(Array.from({ length: 100 }, (_, index) => (index + 1) / 10));
  expect([0, 0.1, 0.95, 0.951, 1].map((share) => rankOf(hundred, share))).toEqual([0.1, 1, 9.5, 9.6, 10]);
  expect(rankOf(spreadOf([]), 0.95)).toBeNull();
});

test("What never ended lies above everything, and is not left out.", () => {
  const spread = spreadOf([...Array.from({ length: 94 }, () => 1), ...Array.from({ length: 6 }, () => Infinity)]);
  expect([rankOf(spread, 0.94), rankOf(spread, 0.95)]).toEqual([1, Infinity]);
  expect(ranked(spread, "latency.p95")).toMatchObject({ kind: "beyond", atLeast: 1 });
});

test("Spreads are merged by their samples: the rank of all is not the mean of the ranks.", () => {
  assert(
    property(array(integer({ min: 0, max: 999 })), array(integer({ min: 0, max: 999 })), (a, b) => {
      const both = merged([spreadOf(a), spreadOf(b)]);
      expect(both).toEqual(spreadOf([...a, ...b]));
      expect(sizeOfSpread(both)).toBe(a.length + b.length);
    }),
  );
});

test("Ninety-nine samples carry no p95.", () => {
  const of = (length: number): string => ranked(spreadOf(Array.from({ length }, () => 3)), "latency.p95").kind;
  expect([of(0), of(99), of(100)]).toEqual(["not-measured", "not-measured", "measured"]);
});
