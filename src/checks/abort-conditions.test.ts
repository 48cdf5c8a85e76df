import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { abortVerdicts } from "./abort-conditions.ts";

const condition = {
  text: "nodes.healthy < 2 for 1s",
  gauge: "nodes.healthy",
  comparator: "<",
  limit: 2,
  forMs: 1000,
} as const;
const watched = (met: boolean, looks: number): HistoryEvent => ({
  type: "abort.watched",
  atMs: 9,
  condition: condition.text,
  met,
  looks,
  worst: looks === 0 ? null : 1,
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["that was met", [watched(true, 5)], "fail"],
  ["that was never met", [watched(false, 5)], "pass"],
  ["whose gauge was never read", [watched(false, 0)], "unknown"],
  ["that nobody watched", [], "unknown"],
])("An abort condition %s: %j is %s.", (_what, events, status) => {
  const { plan, history } = evidenced(historyOf([], events), { abort: [condition] });
  expect(abortVerdicts(plan, history)).toMatchObject([{ check: "abort: nodes.healthy < 2 for 1s", status }]);
});

test("A plan without abort conditions has no verdict of them.", () => {
  const { plan, history } = evidenced(historyOf([]));
  expect(abortVerdicts(plan, history)).toEqual([]);
});
