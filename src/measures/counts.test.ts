import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";
import { errorsRatio } from "./errors-ratio.ts";
import { writesAcknowledged } from "./writes-acknowledged.ts";
import { writesLost } from "./writes-lost.ts";

const finals: readonly HistoryEvent[] = [phaseAt("final-reads", 100)];
const wrote = (key: string, at: readonly [number, number], more: Partial<Told> = {}): Told => ({
  kind: "write",
  key,
  value: `${key}@${at[0]}`,
  at,
  ...more,
});
const found = (key: string, value: string | null, more: Partial<Told> = {}): Told => ({
  kind: "read",
  key,
  value,
  at: [110, 111],
  ...more,
});

test.each<readonly [string, readonly Told[], number, number]>([
  ["every write is there", [wrote("a", [1, 2]), found("a", "a@1")], 0, 0],
  ["one is gone", [wrote("a", [1, 2]), wrote("b", [1, 2]), found("a", "a@1"), found("b", null)], 1, 1],
  ["an older value is back", [wrote("a", [1, 2]), wrote("a", [5, 6]), found("a", "a@1")], 1, 1],
  ["a key could not be read", [wrote("a", [1, 2]), wrote("b", [1, 2]), found("a", "a@1")], 0, 1],
  ["one in doubt happened", [wrote("a", [1, 2]), wrote("a", [5, 6], { outcome: "info" }), found("a", "a@5")], 0, 0],
  ["nodes do not agree", [wrote("a", [1, 2]), found("a", "a@1"), found("a", null, { node: "n2" })], 1, 1],
])("writes.lost where %s is from %4$d to %5$d.", (_what, operations, low, high) => {
  expect(writesLost.measure(evidenced(historyOf(operations, finals)))).toMatchObject({ kind: "measured", low, high });
});

test.each<readonly [string, readonly Told[], readonly HistoryEvent[]]>([
  ["nothing was acknowledged", [wrote("a", [1, 2], { outcome: "info" }), found("a", null)], finals],
  ["the run did not come to its final reads", [wrote("a", [1, 2])], []],
])("writes.lost is not measured where %s.", (_what, operations, events) => {
  expect(writesLost.measure(evidenced(historyOf(operations, events)))).toMatchObject({ kind: "not-measured" });
});

test("Acknowledged writes are counted, reads and refusals are not.", () => {
  const operations = [
    wrote("a", [1, 2]),
    wrote("b", [3, 4]),
    wrote("c", [5, 6], { outcome: "fail" }),
    found("a", "a@1"),
  ];
  const counted = writesAcknowledged.measure(evidenced(historyOf(operations)));
  expect(counted).toMatchObject({ kind: "measured", low: 2, high: 2, samples: 3 });
  expect(writesAcknowledged.measure(evidenced(historyOf([found("a", null)])))).toMatchObject({ kind: "not-measured" });
});

test("Errors are a share of the operations before the final reads; what nobody knows of widens it.", () => {
  const operations = [
    wrote("a", [1, 2]),
    wrote("b", [3, 4]),
    wrote("c", [5, 6], { outcome: "fail" }),
    wrote("d", [7, 8], { outcome: "info" }),
    { ...wrote("e", [9, 10], { outcome: "fail" }), kind: "cas" } as const,
    found("a", null, { outcome: "fail" }),
  ];
  const share = errorsRatio.measure(evidenced(historyOf(operations, finals)));
  expect(share).toMatchObject({ kind: "measured", low: 0.2, high: 0.4, samples: 5 });
});
