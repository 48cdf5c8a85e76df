import { expect, test } from "vitest";
import type { Check } from "../core/check.ts";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, historyOf, type Told } from "../core/testing/history-of.ts";
import { faultOfBoth, faultPlan, putOffAt, taskAt } from "../core/testing/pressure-of.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { criticalAnswered } from "./critical-answered.ts";
import { memoryUnderLimit } from "./memory-under-limit.ts";
import { throttles } from "./throttles.ts";

const plan = faultPlan("memory-limit", { limit: "100B" });
const memory = (node: string, bytes: number, atMs = 5000): HistoryEvent =>
  answerAt(atMs, node, ["metrics", { memory: bytes }]);
const quiet = memory("n2", 30);
const ended = (atMs: number): HistoryEvent => ({ type: "node.ended", atMs, node: "n1", how: "SIGKILL" });
const notice = (said: string | null): HistoryEvent => ({ type: "notice.heard", atMs: 5000, node: "n1", notice: said });

function judged(
  check: Check,
  events: readonly HistoryEvent[],
  operations: readonly Told[] = [],
): readonly [string, string] {
  const verdict = check.check(evidenced(historyOf(operations, [...faultOfBoth(), ...events]), plan));
  return [verdict.status, JSON.stringify(verdict)];
}

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  [
    "driven to it and stays under it",
    [taskAt(2000), memory("n1", 85), quiet],
    "pass",
    /2 nodes stayed under .* n1 used 85 B of 100 B/,
  ],
  ["over it", [taskAt(2000), memory("n1", 101), quiet], "fail", /n1 used 101 B of 100 B .*over its limit/],
  ["over it without a task", [taskAt(2000), memory("n1", 85), memory("n2", 120)], "fail", /n2 used 120 B/],
  [
    "ended by the system",
    [taskAt(2000), memory("n1", 85), quiet, ended(6000)],
    "fail",
    /n1 ended by itself \(SIGKILL\)/,
  ],
  ["ended long after", [taskAt(2000), memory("n1", 85), quiet, ended(9500)], "pass", /stayed under/],
  [
    "over it before the limit was there",
    [taskAt(2000), memory("n1", 500, 900), memory("n1", 85), quiet],
    "pass",
    /85 B/,
  ],
  ["idle", [taskAt(2000), memory("n1", 40), quiet], "unknown", /were not driven to the limit: n1 used 40 B/],
  ["never looked at", [taskAt(2000), memory("n1", 85)], "unknown", /nobody saw .* n2/],
  ["given nothing to do", [memory("n1", 85), quiet], "unknown", /nobody was given tasks/],
])("A node with limited memory that is %s: the verdict follows.", (_what, events, status, text) => {
  const [found, told] = judged(memoryUnderLimit, events);
  expect(found).toBe(status);
  expect(told).toMatch(text);
});

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  [
    "puts tasks off and tells",
    [taskAt(2000), putOffAt(3000), memory("n1", 85), notice("critical")],
    "pass",
    /put 1 of 2 tasks off; it used at most 85 % .* told critical/,
  ],
  ["puts tasks off where no notice is known", [putOffAt(3000), memory("n1", 85)], "pass", /put 1 of 1/],
  ["puts tasks off and tells nobody", [putOffAt(3000), memory("n1", 85), notice(null)], "fail", /did not tell/],
  ["runs full", [taskAt(2000), memory("n1", 99)], "fail", /put 0 of 1 tasks off/],
  ["is not driven that far", [taskAt(2000), memory("n1", 50)], "unknown", /put 0 of 1 tasks off; it used at most 50 %/],
  ["puts tasks off only before the limit", [putOffAt(900), memory("n1", 99)], "fail", /put 0 of 0/],
  ["is given nothing", [memory("n1", 85)], "unknown", /nobody was given tasks/],
])("A node at its limit that %s: the verdict follows.", (_what, events, status, text) => {
  const [found, told] = judged(throttles, events);
  expect(found).toBe(status);
  expect(told).toMatch(text);
});

const at = (ms: number, part: Partial<Told> = {}): Told => ({
  kind: "write",
  at: [ms, ms + 5],
  value: `v${ms}`,
  ...part,
});
const unanswered: Partial<Told> = { outcome: "info" };
const every = [1500, 3000, 5000, 7000, 8500].map((ms) => at(ms));
const refused: HistoryEvent[] = [
  {
    type: "op.invoked",
    atMs: 4000,
    op: 5,
    process: 9,
    client: "c",
    kind: "write",
    key: "x",
    value: "z",
    expected: null,
    node: "n1",
  },
  { type: "op.fail", atMs: 4005, op: 5, error: "HTTP 429", says: "throttled" },
];

test.each<readonly [string, readonly Told[], string, RegExp]>([
  ["acknowledged throughout", every, "pass", /5 of 5 operations .* none was put off/],
  [
    "unanswered for longer than 5 s",
    [at(1500), ...[3000, 5000, 7000].map((ms) => at(ms, unanswered)), at(8500)],
    "fail",
    /asked from 3000 ms on and answered nothing until 8505 ms/,
  ],
  [
    "unanswered to the end",
    [at(1500), at(2000), ...[3500, 6000, 8000].map((ms) => at(ms, unanswered))],
    "fail",
    /from 3500 ms on and answered nothing until 9000 ms/,
  ],
  [
    "refused for longer than 5 s",
    [at(1500), ...[3000, 5000, 7000].map((ms) => at(ms, { outcome: "fail" })), at(8500)],
    "fail",
    /from 3000 ms on/,
  ],
  [
    "compare-and-sets that fail, which is an answer",
    [
      at(1500),
      ...[3000, 5000, 7000].map((ms) => at(ms, { kind: "cas", expected: "other", outcome: "fail" })),
      at(8500),
    ],
    "pass",
    /none was put off/,
  ],
  [
    "answered, but one at once lost between two that were far apart",
    [at(1500), at(2000, unanswered), at(6500), at(8000)],
    "pass",
    /3 of 4/,
  ],
  ["not asked for longer than 5 s", [at(1500), at(1600), at(8500)], "unknown", /nobody asked n1 anything for longer/],
  ["hardly asked", [at(1500)], "unknown", /fewer than 3/],
  [
    "asked elsewhere",
    every.map((one) => ({ ...one, node: "n2" })),
    "unknown",
    /fewer than 3 operations were sent to n1/,
  ],
])(
  "Critical operations at a node at its limit that are %s: the verdict follows.",
  (_what, operations, status, text) => {
    const [found, told] = judged(criticalAnswered, [taskAt(2000), memory("n1", 85), quiet], operations);
    expect(found).toBe(status);
    expect(told).toMatch(text);
  },
);

test("A critical operation that is put off for lack of resources fails it.", () => {
  const history = historyOf([], [...faultOfBoth(), taskAt(2000), memory("n1", 85)]);
  expect(criticalAnswered.check(evidenced(history, plan)).status).toBe("unknown");
  const events = [...historyOf(every).events(), ...refused, ...faultOfBoth(), taskAt(2000), memory("n1", 85)];
  const verdict = criticalAnswered.check(
    evidenced(historyOf([], [...events].sort((left, right) => left.atMs - right.atMs).map(numbered())), plan),
  );
  expect(verdict.status).toBe("fail");
  expect(JSON.stringify(verdict)).toContain("was put off for lack of resources");
});

/** Operations are numbered in the order of their invocation. */
function numbered(): (event: HistoryEvent) => HistoryEvent {
  const numbers = new Map<number, number>();
  return (event) => {
    if (event.type === "op.invoked") numbers.set(event.op, numbers.size);
    return "op" in event ? { ...event, op: numbers.get(event.op) ?? -1 } : event;
  };
}
