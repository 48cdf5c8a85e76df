import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { Json } from "../core/json.ts";
import type { CallOperation, OperationAnswer } from "../core/operation-answer.ts";
import { evidenced, faultEvents, historyOf } from "../core/testing/history-of.ts";
import { part } from "../core/testing/selections.ts";
import { asked, target } from "../core/testing/targets.ts";
import type { SideClients } from "../core/workload.ts";
import { Recorder } from "./recorder.ts";
import { SideTraffic } from "./side-traffic.ts";

const folder = mkdtempSync(join(tmpdir(), "side-traffic-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();
const nodes = ["n1", "n2", "n3"];
const { plan } = evidenced(historyOf([]), {
  nodes,
  castingOrder: ["n2", "n1", "n3"],
  joiners: ["n3"],
  blocks: { ratePerSecond: 100, sizeBytes: 16, timeoutMs: 50 },
  tasks: {
    on: { ...part("n1"), pool: { kind: "members", members: [{ kind: "node", node: "n1" }] } },
    ratePerSecond: 100,
    memoryBytes: 8,
    durationMs: 20,
    timeoutMs: 50,
  },
});

type Call = Parameters<CallOperation>[0];
const ok = (values: Readonly<Record<string, Json>> = {}, says?: string): OperationAnswer =>
  says === undefined ? { outcome: "ok", values } : { outcome: "ok", values, says };
const refused = (says?: string): OperationAnswer => {
  const answer = { outcome: "fail", error: "HTTP 429", isAnswered: true } as const;
  return says === undefined ? answer : { ...answer, says };
};

interface Ran {
  readonly side: SideTraffic;
  readonly recorder: Recorder;
  readonly calls: readonly Call[];
  /** Puts the first fault in force. */
  readonly inject: () => void;
  /** Aborts as a run that is broken off does. */
  readonly abandon: () => void;
}

interface Nodes {
  readonly clients: Partial<SideClients>;
  readonly answer: (call: Call) => OperationAnswer | Promise<OperationAnswer>;
  /** Whether the target has a notice to ask for. */
  readonly hasNotice?: boolean;
}

const quiet = (): Promise<void> => Promise.resolve();

/** Traffic of these clients, on nodes that answer so. */
function started({ clients, answer, hasNotice = true }: Nodes): Ran {
  const recorder = new Recorder(systemClock, join(mkdtempSync(join(folder, "run-")), "history.ndjson"));
  const calls: Call[] = [];
  const call: CallOperation = (one) => {
    calls.push(one);
    return Promise.resolve(answer(one));
  };
  const operations = hasNotice ? { ...target.operations, notice: asked } : target.operations;
  const abandoned = new AbortController();
  const side = new SideTraffic(
    {
      plan,
      target: { ...target, operations },
      recorder,
      clock: systemClock,
      call,
      clients: { editors: quiet, blocks: quiet, tasks: quiet, ...clients },
    },
    abandoned.signal,
  );
  side.start();
  const [injected] = faultEvents({ injected: [0, 0] });
  const inject = (): void => {
    if (injected !== undefined) recorder.record(injected);
  };
  return { side, recorder, calls, inject, abandon: () => abandoned.abort() };
}

function blocksOf({ recorder }: Ran): readonly object[] {
  return [...recorder.history.eventsOf("block.ended")].map(({ kind, node, block, intact, outcome, says, error }) => ({
    kind,
    node,
    block,
    intact,
    outcome,
    says,
    error,
  }));
}

/** A client that puts this content on n1, and then reads what was taken on n2. */
const putAndGet: SideClients["blocks"] = async ({ put, get }) => {
  const block = await put("n1", "AAAA");
  if (block !== null) await get("n2", block);
};

test.each<readonly [string, OperationAnswer, object]>([
  ["at once", ok({ block: "b1" }), { block: "b1", outcome: "ok", says: null, error: null }],
  ["into a queue", ok({ block: "b1" }, "queued"), { block: "b1", outcome: "ok", says: "queued", error: null }],
])(
  "A block that is taken %s is taken down so, and read; what comes back is held against what was put.",
  async (_how, answer, told) => {
    const ran = started({
      clients: { blocks: putAndGet },
      answer: ({ operation }) => (operation === "put-block" ? answer : ok({ content: "AAAA" }, "degraded")),
    });
    await ran.side.stop();
    expect(ran.calls.map(({ node, operation, arguments: values }) => [node, operation, values])).toEqual([
      ["n1", "put-block", { content: "AAAA" }],
      ["n2", "get-block", { block: "b1" }],
    ]);
    const read = { block: "b1", outcome: "ok", says: "degraded", error: null };
    expect(blocksOf(ran)).toEqual([
      { kind: "put", node: "n1", intact: null, ...told },
      { kind: "get", node: "n2", intact: true, ...read },
    ]);
  },
);

test("A block that comes back otherwise than it was put is not intact; one that does not come back is neither.", async () => {
  const contents = ["AAAB", null];
  const ran = started({
    clients: {
      blocks: async ({ put, get }) => {
        const block = (await put("n1", "AAAA")) ?? "";
        await get("n1", block);
        await get("n2", block);
      },
    },
    answer: ({ operation }) => {
      if (operation === "put-block") return ok({ block: "b1" });
      const content = contents.shift() ?? null;
      return content === null ? { outcome: "info", error: "time-out", isAnswered: false } : ok({ content });
    },
  });
  await ran.side.stop();
  expect(blocksOf(ran).slice(1)).toMatchObject([
    { kind: "get", node: "n1", outcome: "ok", intact: false },
    { kind: "get", node: "n2", outcome: "info", intact: null, error: "time-out" },
  ]);
});

test("A block that is refused has no name, is taken down with why, and is not read in the end.", async () => {
  const ran = started({ clients: { blocks: putAndGet }, answer: () => refused("throttled") });
  await ran.side.stop();
  await ran.side.finalReads(signal);
  expect(ran.calls).toHaveLength(1);
  expect(blocksOf(ran)).toEqual([
    { kind: "put", node: "n1", block: "", intact: null, outcome: "fail", says: "throttled", error: "HTTP 429" },
  ]);
});

test("In the end every block that was taken is read once, from one node after another.", async () => {
  let number = 0;
  const names = Array.from({ length: 20 }, (_, index) => `b${index + 1}`);
  const ran = started({
    clients: { blocks: async ({ put }) => void (await Promise.all(names.map((name) => put("n1", name)))) },
    answer: ({ operation, arguments: values }) => {
      if (operation !== "put-block") return ok({ content: values["block"] ?? null });
      number += 1;
      return ok({ block: `b${number}` });
    },
  });
  await ran.side.stop();
  await ran.side.finalReads(signal);
  const read = ran.calls.filter(({ operation }) => operation === "get-block");
  expect(read.map(({ arguments: values }) => values["block"])).toEqual(names);
  expect(read.slice(0, 4).map(({ node }) => node)).toEqual(["n2", "n1", "n3", "n2"]);
  expect(blocksOf(ran).slice(20)).toEqual(names.map((block) => expect.objectContaining({ block, intact: true })));
});

test("In the end every block is read also from each node whose files were altered.", async () => {
  let number = 0;
  const ran = started({
    clients: { blocks: async ({ put }) => void (await Promise.all(["A", "B", "C"].map((name) => put("n1", name)))) },
    answer: ({ operation }) => {
      if (operation !== "put-block") return ok({ content: null });
      number += 1;
      return ok({ block: `b${number}` });
    },
  });
  const altered = { type: "fault.altered", fault: "bits", node: "n1", files: [] } as const;
  for (const fault of ["bits", "again"]) ran.recorder.record({ ...altered, fault });
  await ran.side.stop();
  await ran.side.finalReads(signal);
  const read = ran.calls.filter(({ operation }) => operation === "get-block");
  const pairs = read.map(({ node, arguments: values }) => JSON.stringify([node, values["block"]]));
  const wanted = [["n1", "b1"], ...["b2", "b3"].map((block) => ["n1", block]), ["n2", "b1"], ["n3", "b3"]];
  expect(pairs.sort()).toEqual(wanted.map((pair) => JSON.stringify(pair)));
});

test("Final reads end with their limit: what was not read by then is not taken down.", async () => {
  const ran = started({ clients: { blocks: putAndGet }, answer: () => ok({ block: "b1", content: "AAAA" }) });
  await ran.side.stop();
  await ran.side.finalReads(AbortSignal.abort());
  expect(blocksOf(ran)).toHaveLength(2);
});

test("Blocks go on from the start to the end, on members only; tasks begin with the first fault, on whom the plan says.", async () => {
  const told: string[] = [];
  const ended = Promise.withResolvers<void>();
  const ran = started({
    clients: {
      blocks: async (context) => {
        told.push(`blocks on ${context.nodes.join(", ")}`);
        await new Promise((done) => context.stop.addEventListener("abort", done));
        told.push("blocks end");
      },
      tasks: async ({ mayBegin, nodes: pressed, stop, give }) => {
        if (!(await mayBegin())) return;
        told.push(`tasks on ${pressed.join(", ")}`);
        await give("n1");
        ended.resolve();
        await new Promise((done) => stop.addEventListener("abort", done));
        told.push("tasks end");
      },
    },
    answer: () => ok(),
  });
  await new Promise((done) => setTimeout(done, 10));
  expect(told).toEqual(["blocks on n1, n2"]);
  ran.inject();
  await ended.promise;
  await ran.side.rest();
  expect(told).toEqual(["blocks on n1, n2", "tasks on n1", "tasks end"]);
  await ran.side.stop();
  expect(told.at(-1)).toBe("blocks end");
  expect(ran.calls.map(({ operation, arguments: values }) => [operation, values])).toEqual([
    ["task", { memory: 8, duration: 20 }],
  ]);
});

test("Where no fault is ever in force no task is given.", async () => {
  const began: boolean[] = [];
  const ran = started({
    clients: { tasks: async ({ mayBegin }) => void began.push(await mayBegin()) },
    answer: () => ok(),
  });
  await ran.side.stop();
  expect(began).toEqual([false]);
});

/** A client that gives these nodes a task each, one after another. */
function giving(...to: readonly string[]): SideClients["tasks"] {
  return async ({ give }) => {
    for (const node of to) await give(node);
  };
}
const putsOff = ({ operation }: Call): OperationAnswer =>
  operation === "notice" ? ok({ notice: "critical" }) : refused("throttled");

test("A node that puts a task off is asked for its notice once, and what it told is taken down; tasks are, with what was said.", async () => {
  const ran = started({ clients: { tasks: giving("n1", "n1", "n2") }, answer: putsOff });
  await ran.side.rest();
  const notices = ran.calls.filter(({ operation }) => operation === "notice");
  expect(notices.map(({ node }) => node)).toEqual(["n1", "n2"]);
  expect([...ran.recorder.history.eventsOf("notice.heard")]).toMatchObject([
    { node: "n1", notice: "critical" },
    { node: "n2", notice: "critical" },
  ]);
  const tasks = [...ran.recorder.history.eventsOf("task.ended")];
  expect(tasks.map(({ node }) => node)).toEqual(["n1", "n1", "n2"]);
  expect(tasks[0]).toMatchObject({ outcome: "fail", says: "throttled", error: "HTTP 429" });
});

test("A notice that does not come is taken down as none.", async () => {
  const ran = started({
    clients: { tasks: giving("n1") },
    answer: (call) =>
      call.operation === "notice" ? { outcome: "info", error: "time-out", isAnswered: false } : putsOff(call),
  });
  await ran.side.rest();
  expect([...ran.recorder.history.eventsOf("notice.heard")]).toMatchObject([{ node: "n1", notice: null }]);
});

test.each<readonly [string, Omit<Nodes, "clients">]>([
  ["takes its tasks", { answer: () => ok() }],
  ["refuses them for another reason", { answer: () => refused() }],
  ["belongs to a target without notices", { answer: putsOff, hasNotice: false }],
])("A node that %s is not asked for a notice.", async (_what, how) => {
  const ran = started({ clients: { tasks: giving("n1") }, ...how });
  await ran.side.rest();
  expect(ran.calls.map(({ operation }) => operation)).toEqual(["task"]);
  expect([...ran.recorder.history.eventsOf("notice.heard")]).toEqual([]);
});

test("Told to rest, it waits for a notice under way; a run that is broken off ends it.", async () => {
  const ran = started({
    clients: { tasks: giving("n1") },
    answer: async (call) => {
      if (call.operation !== "notice") return putsOff(call);
      await new Promise((done) => call.signal.addEventListener("abort", done, { once: true }));
      return { outcome: "info", error: "broken off", isAnswered: false };
    },
  });
  let isAtRest = false;
  const resting = ran.side.rest().then(() => (isAtRest = true));
  await new Promise((done) => setTimeout(done, 10));
  expect(isAtRest).toBe(false);
  ran.abandon();
  await resting;
  expect([...ran.recorder.history.eventsOf("notice.heard")]).toMatchObject([{ notice: null }]);
});
