import { expect, test } from "vitest";
import type { Measurement } from "../core/measurement.ts";
import { evidenced, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";
import { uptimeRatio } from "./uptime-ratio.ts";

const end = phaseAt("closing", 60_000);
const attempt = (request: number, at: Told["at"], part: Partial<Told> = {}): Told => {
  return { kind: "read", client: `uptime.${request}`, at, ...part };
};
const up = (count: number): readonly Told[] =>
  Array.from({ length: count }, (_, index) => attempt(index, [index * 100, index * 100 + 5]));

function measured(operations: readonly Told[]): Measurement {
  return uptimeRatio.measure(evidenced(historyOf(operations, [end])));
}

test.each<readonly [string, readonly Told[], number, number]>([
  ["all answered", up(20), 1, 20],
  ["one refused to the end", [...up(19), attempt(30, [5000, 5010], { outcome: "fail" })], 0.95, 20],
  ["one never answered, its time over", [...up(19), attempt(30, [5000, null])], 0.95, 20],
  [
    "a second attempt within its limit",
    [...up(19), attempt(30, [5000, 6000], { outcome: "info" }), attempt(30, [6050, 10_000])],
    1,
    20,
  ],
  [
    "a second attempt beyond it",
    [...up(19), attempt(30, [5000, 6000], { outcome: "info" }), attempt(30, [6050, 10_001])],
    0.95,
    20,
  ],
  ["one open at the end", [...up(20), attempt(30, [55_001, null])], 1, 20],
  ["one answered shortly before the end", [...up(19), attempt(30, [59_000, 59_001])], 1, 20],
  ["one whose time was just over at the end", [...up(19), attempt(30, [55_000, null])], 0.95, 20],
  ["other clients refused", [...up(20), attempt(30, [5000, 5010], { client: "n1.1", outcome: "fail" })], 1, 20],
])("With %s the share is told over the requests.", (...[, operations, ratio, samples]) => {
  expect(measured(operations)).toMatchObject({ kind: "measured", unit: "ratio", low: ratio, high: ratio, samples });
});

test("What was open when the history ended is counted in the note.", () => {
  expect(measured([...up(20), attempt(30, [58_000, null])])).toMatchObject({
    note: expect.stringContaining("1 more were still open"),
  });
});

test("Fewer than 20 requests that count are not enough.", () => {
  expect(measured([...up(19), attempt(30, [58_000, null])])).toMatchObject({ kind: "not-measured" });
});
