import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { JsonObject } from "../core/json.ts";
import { evidenced, historyOf, type Told } from "../core/testing/history-of.ts";
import { oneLeaderPerTerm } from "./one-leader-per-term.ts";

const under = (leader: string | null, term: number | null, atMs: number): Told => ({
  kind: "write",
  at: [atMs, atMs + 5],
  value: `v${atMs}`,
  leader,
  term,
});

const says = (node: string, value: JsonObject, atMs = 50): HistoryEvent => {
  return { type: "probe.sampled", atMs, sentMs: atMs, probe: "leader", node, value, error: null, answered: true };
};

test.each<readonly [string, readonly Told[], readonly HistoryEvent[]]>([
  ["one leader in each of two terms", [under("n1", 1, 0), under("n2", 2, 10)], []],
  ["one node in two terms", [under("n1", 1, 0), under("n1", 3, 10)], [says("n1", { leader: "n1", term: 1 })]],
  [
    "a node that takes another for the leader",
    [under("n1", 1, 0)],
    [says("n2", { leader: "n1", term: 1, role: "follower" })],
  ],
  [
    "a deposed node that still claims its old term",
    [under("n1", 1, 0), under("n2", 2, 10)],
    [says("n1", { leader: "n1", term: 1 })],
  ],
  ["a claim without a term", [under("n1", 1, 0)], [says("n2", { leader: "n2", term: null })]],
  [
    "answers that name the term alone, and a leader that names itself in each",
    [under(null, 1, 0), under(null, 2, 10)],
    [says("n1", { leader: "n1", term: 1 }), says("n2", { leader: "n2", term: 2 })],
  ],
  [
    "another probe's answer",
    [under("n1", 1, 0)],
    [{ ...says("n2", { leader: "n2", term: 1 }), probe: "other" } as HistoryEvent],
  ],
])("With %s each term had one leader.", (_title, operations, events) => {
  const verdict = oneLeaderPerTerm.check(evidenced(historyOf(operations, events)));
  expect(verdict.status).toBe("pass");
});

test.each<readonly [string, readonly Told[], readonly HistoryEvent[], readonly number[], readonly number[]]>([
  [
    "two leaders acknowledged in one term",
    [under("n1", 1, 0), under("n2", 1, 10), under("n2", 1, 20)],
    [],
    [0, 1],
    [5, 15],
  ],
  [
    "a node says that it leads another's term",
    [under("n1", 1, 0)],
    [says("n2", { leader: "n2", term: 1 })],
    [0],
    [5, 50],
  ],
  [
    "a node plays the leader's role in another's term",
    [under("n1", 1, 0)],
    [says("n2", { leader: null, term: 1, role: "leader" })],
    [0],
    [5, 50],
  ],
  [
    "what a node says comes before what it acknowledges",
    [under("n1", 7, 195)],
    [says("n1", { leader: "n1", term: 7 }), says("n2", { leader: "n2", term: 7 }, 60)],
    [],
    [50, 60],
  ],
  [
    "two nodes say so of themselves, in a term of answers that name no leader",
    [under(null, 7, 0)],
    [says("n1", { leader: "n1", term: 7 }), says("n2", { leader: "n2", term: 7 }, 60)],
    [],
    [50, 60],
  ],
  [
    "two nodes say so of themselves",
    [],
    [says("n1", { leader: "n1", term: 7 }), says("n2", { leader: "n2", term: 7 }, 60)],
    [],
    [50, 60],
  ],
])("When %s, that fails, with the first that shows each.", (...[, operations, events, numbers, times]) => {
  const verdict = oneLeaderPerTerm.check(evidenced(historyOf(operations, events)));
  const evidence = [{ operations: numbers, nodes: ["n1", "n2"], atMs: times }];
  expect(verdict).toMatchObject({ status: "fail", evidence });
});

test.each<readonly [string, readonly Told[], readonly HistoryEvent[]]>([
  ["an empty history", [], []],
  ["operations that name no leader", [under(null, 1, 0)], []],
  ["operations that name no term", [under("n1", null, 0)], []],
  ["claims alone", [], [says("n1", { leader: "n1", term: 7 })]],
  [
    "a term in which nobody was seen to lead",
    [under(null, 1, 0), under(null, 2, 10)],
    [says("n1", { leader: "n1", term: 1 })],
  ],
  ["a term whose leader only others name", [under(null, 1, 0)], [says("n2", { leader: "n1", term: 1 })]],
])("With %s it is unknown.", (_title, operations, events) => {
  expect(oneLeaderPerTerm.check(evidenced(historyOf(operations, events))).status).toBe("unknown");
});
