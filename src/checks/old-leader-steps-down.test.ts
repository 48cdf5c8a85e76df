import { expect, test } from "vitest";
import { evidenced, historyOf, type Told } from "../core/testing/history-of.ts";
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
