import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, faultEvents, historyOf, type Told } from "../core/testing/history-of.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { oldLeaderStepsDown } from "./old-leader-steps-down.ts";

const under = (leader: string, term: number, at: readonly [number, number]): Told => ({
  kind: "write",
  at,
  value: `v${at.join("-")}`,
  leader,
  term,
});

test("Terms that go forward are a pass, with the terms.", () => {
  const history = historyOf([under("n1", 1, [0, 5]), under("n2", 2, [10, 15]), under("n2", 2, [20, 25])]);
  expect(oldLeaderStepsDown.check(evidenced(history))).toMatchObject({ status: "pass", evidence: [{ terms: [1, 2] }] });
});

test("An old leader's answer to what was sent after a new leader's is a failure that names both operations.", () => {
  const history = historyOf([under("n1", 1, [0, 5]), under("n2", 2, [10, 15]), under("n1", 1, [16, 20])]);
  const verdict = oldLeaderStepsDown.check(evidenced(history));
  expect(verdict.status).toBe("fail");
  expect(verdict.evidence[1]).toMatchObject({ operations: [1, 2], terms: [2, 1] });
});

test.each([
  ["sent before the new leader's answer", [9, 20]],
  ["sent at the very moment of it", [15, 20]],
] as const)("An old leader's answer to what was %s is none: the two were concurrent.", (_what, at) => {
  const history = historyOf([under("n1", 1, [0, 5]), under("n2", 2, [10, 15]), under("n1", 1, at)]);
  expect(oldLeaderStepsDown.check(evidenced(history)).status).toBe("pass");
});

test.each<readonly [string, readonly Told[]]>([
  ["nothing at all", []],
  ["a single term", [under("n1", 1, [0, 5]), under("n1", 1, [10, 15])]],
  ["refusals alone", [{ ...under("n1", 1, [0, 5]), outcome: "fail" }]],
])("With %s no leader was seen to be deposed: unknown.", (_what, operations) => {
  expect(oldLeaderStepsDown.check(evidenced(historyOf(operations))).status).toBe("unknown");
});

const forward = [under("n1", 1, [0, 5]), under("n2", 2, [2010, 2015])];
const claims = (atMs: number, node: string, term: number): HistoryEvent =>
  answerAt(atMs, node, ["leader", { leader: node, term }]);
const healed = faultEvents({ injected: [1000, 1010], healed: [3000, 3010] });

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["still claims it in the end", [claims(6000, "n1", 1), claims(6000, "n2", 2)], "fail"],
  ["claimed it only while it was cut off", [claims(2500, "n1", 1), claims(6000, "n1", 2)], "pass"],
  ["claimed it last just after healing", [claims(3500, "n1", 1)], "pass"],
  ["leads again in a later term", [claims(6000, "n1", 3)], "pass"],
])("An old leader that %s: %j.", (_what, events, status) => {
  const verdict = oldLeaderStepsDown.check(evidenced(historyOf(forward, [...healed, ...events])));
  expect(verdict.status).toBe(status);
});

test("Who still claims it is named, with both terms and when it said so.", () => {
  const verdict = oldLeaderStepsDown.check(evidenced(historyOf(forward, [...healed, claims(6000, "n1", 1)])));
  expect(verdict.evidence).toMatchObject([{ nodes: ["n1"], terms: [1, 2], atMs: [6000] }]);
});
