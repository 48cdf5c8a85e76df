import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { EventOf } from "../core/history-event.ts";
import type { CallTogether, OperationAnswer } from "../core/operation-answer.ts";
import { faultEvents, evidenced, historyOf } from "../core/testing/history-of.ts";
import { letJoin } from "./let-join.ts";
import { Observer } from "./observer.ts";
import { Recorder } from "./recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "let-join-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();
const nodes = ["n1", "n2", "n3", "n4", "n5"];
const steadyState = { probes: ["well"], holdMs: 0, limitMs: 50 };
const { plan, probes } = evidenced(historyOf([]), { nodes, joiners: ["n4", "n5"], steadyState });
const ok = (values: Extract<OperationAnswer, { outcome: "ok" }>["values"] = {}): OperationAnswer => ({
  outcome: "ok",
  values,
});

/** Lets so many join a swarm in which whoever is told to join is in at once, unless it is told not to be; gives the joins that were taken down. */
async function joined(
  count: number,
  how: { readonly answer?: OperationAnswer; readonly isLate?: boolean; readonly isFaulted?: boolean } = {},
): Promise<{ readonly told: readonly EventOf<"join.asked">[]; readonly tookMs: number }> {
  const members = new Set(["n1", "n2", "n3"]);
  const values = { peers: ["n1", "n2", "n3"], heardMs: [1, 1, 1] };
  const callTogether: CallTogether = ({ operations }) =>
    Promise.resolve(new Map(operations.map((name) => [name, ok({ ...values, members: [...members] })])));
  const recorder = new Recorder(systemClock, join(mkdtempSync(join(folder, "run-")), "history.ndjson"));
  for (const event of how.isFaulted === true ? faultEvents({ injected: [0, 0] }) : []) recorder.record(event, 0);
  const together = (names: readonly string[]): readonly (readonly string[])[] => [names];
  const observer = new Observer({ callTogether, together, recorder, clock: systemClock, nodes, voters: ["n1"] });
  observer.start();
  const startMs = recorder.nowMs();
  await letJoin(
    { kind: "join", count, limitMs: 150 },
    {
      plan,
      probes,
      recorder,
      observer,
      signal,
      clock: systemClock,
      call: ({ node }) => {
        if (how.isLate !== true) members.add(node);
        return Promise.resolve(how.answer ?? ok());
      },
    },
  );
  const tookMs = recorder.nowMs() - startMs;
  await observer.stop();
  recorder.close();
  return { told: [...recorder.history.eventsOf("join.asked")], tookMs };
}

test("The plan's joiners are told one after another, and the step ends when they are connected.", async () => {
  const { told } = await joined(2);
  expect(told.map(({ node, error }) => [node, error])).toEqual([
    ["n4", null],
    ["n5", null],
  ]);
  expect(told[1]?.atMs).toBeGreaterThan(told[0]?.atMs ?? Infinity);
});

test("One that is late does not end the timeline: it is waited for as long as the step says, and is for the measure to judge.", async () => {
  const { told, tookMs } = await joined(1, { isLate: true, isFaulted: true });
  expect(told).toMatchObject([{ node: "n4", error: null }]);
  expect(tookMs).toBeGreaterThanOrEqual(150);
});

test("One that cannot be told is taken down with its error, and not waited for.", async () => {
  const answer: OperationAnswer = { outcome: "fail", error: "HTTP 500", isAnswered: true };
  const { told, tookMs } = await joined(1, { answer, isFaulted: true });
  expect(told).toMatchObject([{ node: "n4", error: "HTTP 500" }]);
  expect(tookMs).toBeLessThan(150);
});

test("Where more are to join than there are, those that there are do.", async () => {
  expect((await joined(3, { isFaulted: true })).told.map(({ node }) => node)).toEqual(["n4", "n5"]);
});
