import { expect, test } from "vitest";
import { createHistory } from "./history-columns.ts";
import type { HistoryEvent } from "./history-event.ts";
import { historyEventTypes } from "./history-event.ts";
import { faultSpans } from "./history.ts";

const asked = { process: 1, client: "n1.1", key: "k", node: "n1" };
const everyType: readonly HistoryEvent[] = [
  { type: "phase.entered", atMs: 0, phase: "starting" },
  { type: "op.invoked", atMs: 1, op: 0, ...asked, kind: "write", value: "v", expected: null },
  { type: "op.invoked", atMs: 1.5, op: 1, ...asked, kind: "read", value: null, expected: null },
  { type: "op.ok", atMs: 2.25, op: 0, value: "v", leader: "n2", term: 7 },
  { type: "op.ok", atMs: 2.5, op: 1, value: null, leader: null, term: null },
  { type: "op.invoked", atMs: 3, op: 2, ...asked, kind: "cas", value: "w", expected: "v" },
  { type: "op.fail", atMs: 4, op: 2, error: "HTTP 409" },
  { type: "op.invoked", atMs: 5, op: 3, ...asked, kind: "write", value: "x", expected: null },
  { type: "op.info", atMs: 6, op: 3, error: "time-out" },
  {
    type: "fault.resolved",
    atMs: 7,
    fault: "kill",
    cast: { lost: ["n2"] },
    actions: ["kill/process.kill/n2"],
    signs: ["n2 unreachable"],
  },
  { type: "fault.injected", atMs: 8, fault: "kill", startedMs: 7.5, actions: 1, inForce: 1, problems: [] },
  { type: "fault.observed", atMs: 9, fault: "kill", seen: ["n2 unreachable"], unseen: [], during: "force" },
  {
    type: "probe.sampled",
    atMs: 10,
    sentMs: 9.5,
    probe: "leader",
    node: "n1",
    value: { leader: "n3", term: 8 },
    error: null,
    answered: true,
  },
  {
    type: "probe.sampled",
    atMs: 10,
    sentMs: 9.5,
    probe: "health",
    node: "n2",
    value: null,
    error: "ECONNREFUSED",
    answered: false,
  },
  { type: "leader.changed", atMs: 11, leader: "n3", term: 8 },
  { type: "abort.watched", atMs: 41, condition: "nodes.healthy < 2", met: true, looks: 7, worst: 0.5 },
  { type: "step.missed", atMs: 11.5, reason: "it did not come" },
  { type: "fault.healed", atMs: 12, fault: "kill", startedMs: 11.5, actions: 1, inForce: 0, problems: ["slow"] },
  {
    type: "edit.ended",
    atMs: 12.5,
    sentMs: 12.25,
    node: "n1",
    document: "d",
    field: "title",
    change: { kind: "register", value: "v" },
    outcome: "ok",
    error: null,
  },
  {
    type: "edit.ended",
    atMs: 12.5,
    sentMs: 12.25,
    node: "n2",
    document: "d",
    field: "tags",
    change: { kind: "set", add: "t" },
    outcome: "info",
    error: "time-out",
  },
  {
    type: "edit.ended",
    atMs: 12.5,
    sentMs: 12.25,
    node: "n3",
    document: "d",
    field: "views",
    change: { kind: "counter", add: 1 },
    outcome: "fail",
    error: "HTTP 409",
  },
  { type: "op.invoked", atMs: 12.5, op: 4, ...asked, kind: "read", value: null, expected: null },
  { type: "op.fail", atMs: 12.5, op: 4, error: "HTTP 429", says: "throttled" },
  {
    type: "block.ended",
    atMs: 12.6,
    sentMs: 12.5,
    node: "n1",
    kind: "put",
    block: "b1",
    outcome: "ok",
    says: "queued",
    intact: null,
    error: null,
  },
  {
    type: "block.ended",
    atMs: 12.7,
    sentMs: 12.5,
    node: "n2",
    kind: "get",
    block: "b1",
    outcome: "ok",
    says: null,
    intact: false,
    error: null,
  },
  { type: "task.ended", atMs: 12.7, sentMs: 12.6, node: "n1", outcome: "fail", says: "throttled", error: "HTTP 429" },
  { type: "notice.heard", atMs: 12.7, node: "n1", notice: "critical" },
  { type: "notice.heard", atMs: 12.7, node: "n2", notice: null },
  { type: "node.ended", atMs: 12.7, node: "n3", how: "SIGKILL" },
  { type: "join.asked", atMs: 12.75, node: "n9", error: null },
  { type: "join.asked", atMs: 12.75, node: "n8", error: "HTTP 500" },
  { type: "document.read", atMs: 12.9, sentMs: 12.8, node: "n1", document: "d", fields: { views: { value: 1 } } },
  { type: "fault.altered", atMs: 12.95, fault: "flip", node: "n1", files: ["blocks/a", "blocks/b"] },
  {
    type: "fault.healed",
    atMs: 12.96,
    fault: "flip",
    startedMs: 12.9,
    actions: 2,
    inForce: 0,
    problems: [],
    altered: 2,
  },
  { type: "fault.observed", atMs: 13, fault: "kill", seen: [], unseen: ["n2 unreachable"], during: "healing" },
];

test("Every type of event comes out of the columns as it went in, in order.", () => {
  const history = createHistory();
  for (const event of everyType) history.append(event);
  expect(new Set(everyType.map(({ type }) => type))).toEqual(new Set(historyEventTypes));
  expect([...history.events()]).toEqual(everyType);
  expect(history.length).toBe(everyType.length);
  expect(history.endMs).toBe(13);
});

test("Operations come with their completion; one without an answer is info until the end of time.", () => {
  const history = createHistory();
  for (const event of everyType) history.append(event);
  history.append({ type: "op.invoked", atMs: 20, op: 5, ...asked, kind: "write", value: "y", expected: null });
  const operations = [...history.operations()];
  expect(operations.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "fail", "info", "fail", "info"]);
  expect(operations[0]).toMatchObject({ value: "v", leader: "n2", term: 7, invokedMs: 1, completedMs: 2.25 });
  expect(operations[2]).toMatchObject({ expected: "v", value: "w", error: "HTTP 409" });
  expect(operations[5]?.completedMs).toBe(Infinity);
});

test("A thousand times as many events as the first columns hold are kept.", () => {
  const history = createHistory();
  for (let op = 0; op < 20_000; op += 1) {
    history.append({ type: "op.invoked", atMs: op, op, ...asked, kind: "write", value: `v${op}`, expected: null });
    history.append({ type: "op.ok", atMs: op + 0.5, op, value: `v${op}`, leader: "n1", term: 1 });
  }
  let seen = 0;
  for (const { op, value } of history.operations()) {
    if (value === `v${op}`) seen += 1;
  }
  expect(seen).toBe(20_000);
});

test("A completion without its invocation, a second one, and an invocation out of order are refused.", () => {
  const history = createHistory();
  history.append({ type: "op.invoked", atMs: 0, op: 0, ...asked, kind: "read", value: null, expected: null });
  history.append({ type: "op.fail", atMs: 1, op: 0, error: "x" });
  expect(() => history.append({ type: "op.fail", atMs: 1, op: 0, error: "x" })).toThrow(RangeError);
  expect(() => history.append({ type: "op.fail", atMs: 1, op: 5, error: "x" })).toThrow(RangeError);
  expect(() =>
    history.append({ type: "op.invoked", atMs: 2, op: 9, ...asked, kind: "read", value: null, expected: null }),
  ).toThrow(RangeError);
});

test("A fault's span is put together from its events, and stays open where it was never healed.", () => {
  const history = createHistory();
  for (const event of everyType) history.append(event);
  history.append({
    type: "fault.injected",
    atMs: 30,
    fault: "cut",
    startedMs: 29,
    actions: 8,
    inForce: 7,
    problems: ["one failed"],
  });
  const [kill, cut] = faultSpans(history);
  expect(kill).toMatchObject({
    fault: "kill",
    injectedMs: 8,
    healedMs: 12,
    residue: 0,
    remaining: [],
    cast: { lost: ["n2"] },
  });
  expect(kill?.problems).toEqual(["slow"]);
  expect(cut).toMatchObject({ fault: "cut", inForce: 7, healedMs: null, residue: null, unseen: null, remaining: null });
});

test("An empty history has no events, no operations and no end.", () => {
  const history = createHistory();
  expect([
    history.length,
    history.endMs,
    [...history.events()],
    [...history.operations()],
    faultSpans(history),
  ]).toEqual([0, 0, [], [], []]);
});
