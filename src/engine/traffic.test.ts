import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import type { HistoryEvent } from "../core/history-event.ts";
import type { CallOperation, OperationAnswer } from "../core/operation-answer.ts";
import { target } from "../core/testing/targets.ts";
import { evidenced, faultEvents, historyOf } from "../core/testing/history-of.ts";
import type { EditContext, Workload } from "../core/workload.ts";
import { Recorder } from "./recorder.ts";
import { Traffic } from "./traffic.ts";

const folder = mkdtempSync(join(tmpdir(), "traffic-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();
const { plan } = evidenced(historyOf([]), {
  nodes: ["n1", "n2", "n3"],
  castingOrder: ["n2", "n1", "n3"],
  joiners: ["n3"],
  edits: { documents: 1, ratePerSecond: 100, timeoutMs: 50 },
});
const workload: Workload = {
  name: "none",
  summary: "",
  operations: [],
  run: () => Promise.resolve(),
  finalReads: () => Promise.resolve(),
};
const ok = (values: Extract<OperationAnswer, { outcome: "ok" }>["values"] = {}): OperationAnswer => ({
  outcome: "ok",
  values,
});
const edit = { node: "n1", document: "d", field: "tags", change: { kind: "set", add: "t" } } as const;

interface Run {
  readonly recorder: Recorder;
  readonly traffic: Traffic;
  readonly asked: string[];
  readonly events: () => readonly HistoryEvent[];
}

/** Traffic without a workload, whose editors do this, on nodes that answer so. */
function trafficOf(editors: (context: EditContext) => Promise<void>, answer: (of: string) => OperationAnswer): Run {
  const recorder = new Recorder(systemClock, join(mkdtempSync(join(folder, "run-")), "history.ndjson"));
  const asked: string[] = [];
  const call: CallOperation = ({ node, operation, arguments: values }) => {
    asked.push(`${operation} ${node} ${JSON.stringify(values)}`);
    return Promise.resolve(answer(`${operation} ${node}`));
  };
  const clock = systemClock;
  const uptime = (): Promise<void> => Promise.resolve();
  const side = { editors, blocks: uptime, tasks: uptime };
  const traffic = new Traffic({ plan, target, recorder, clock, call, workload, uptime, side });
  return { recorder, traffic, asked, events: () => [...recorder.history.events()] };
}
const inject = ({ recorder }: Run): void => {
  for (const event of faultEvents({ injected: [0, 0] }).slice(0, 1)) recorder.record(event);
};

test("Editors may begin with the first fault in force, and not where there is none; who joins later is no editor.", async () => {
  const began: boolean[] = [];
  let nodes: readonly string[] = [];
  const editors = async (context: EditContext): Promise<void> => {
    ({ nodes } = context);
    began.push(await context.mayBegin());
  };
  const faulted = trafficOf(editors, () => ok());
  faulted.traffic.start();
  await new Promise((done) => setTimeout(done, 10));
  expect([began, nodes]).toEqual([[], ["n1", "n2"]]);
  inject(faulted);
  await new Promise((done) => setTimeout(done, 10));
  await faulted.traffic.stop();
  const quiet = trafficOf(editors, () => ok());
  quiet.traffic.start();
  await quiet.traffic.stop();
  expect(began).toEqual([true, false]);
});

test.each<readonly [string, OperationAnswer, object]>([
  ["an answer", ok(), { outcome: "ok", error: null }],
  ["a refusal", { outcome: "fail", error: "HTTP 409", isAnswered: true }, { outcome: "fail", error: "HTTP 409" }],
  ["a time-out", { outcome: "info", error: "time-out", isAnswered: false }, { outcome: "info", error: "time-out" }],
])("An edit that ends with %s is taken down so.", async (_title, answer, ended) => {
  const run = trafficOf(
    (context) => context.edit(edit),
    () => answer,
  );
  run.traffic.start();
  await run.traffic.stop();
  expect(run.asked).toEqual(['edit n1 {"document":"d","edit":{"field":"tags","kind":"set","add":"t"}}']);
  expect(run.events()).toMatchObject([{ type: "edit.ended", ...edit, ...ended }]);
});

test("Told to rest, it waits for edits under way.", async () => {
  const answer = Promise.withResolvers<void>();
  const run = trafficOf(
    async (context) => {
      await new Promise((done) => context.stop.addEventListener("abort", done));
      await answer.promise;
    },
    () => ok(),
  );
  run.traffic.start();
  let isAtRest = false;
  const resting = run.traffic.rest().then(() => (isAtRest = true));
  await new Promise((done) => setTimeout(done, 10));
  expect(isAtRest).toBe(false);
  answer.resolve();
  await resting;
  await run.traffic.stop();
});

test("In the end each document with an acknowledged edit is read once, from the first node that tells.", async () => {
  const run = trafficOf(
    (context) => context.edit(edit),
    (of) =>
      of === "document n2"
        ? { outcome: "info", error: "x", isAnswered: false }
        : ok({ fields: { tags: { values: ["t"] } } }),
  );
  run.traffic.start();
  await run.traffic.stop();
  await run.traffic.finalReads(signal);
  const read = run.asked.slice(1).map((line) => line.split(" ").slice(0, 2).join(" "));
  expect(read).toEqual(["document n2", "document n1"]);
  expect(run.events().at(-1)).toMatchObject({
    type: "document.read",
    node: "n1",
    document: "d",
    fields: { tags: { values: ["t"] } },
  });
});

test("A document of which no edit was acknowledged is not read; one that nobody tells is not taken down.", async () => {
  const refused = trafficOf(
    (context) => context.edit(edit),
    () => ({ outcome: "fail", error: "x", isAnswered: true }),
  );
  refused.traffic.start();
  await refused.traffic.stop();
  await refused.traffic.finalReads(signal);
  expect(refused.asked).toHaveLength(1);
  const silent = trafficOf(
    (context) => context.edit(edit),
    (of) => (of.startsWith("edit") ? ok() : { outcome: "info", error: "x", isAnswered: false }),
  );
  silent.traffic.start();
  await silent.traffic.stop();
  await silent.traffic.finalReads(signal);
  expect(silent.asked).toHaveLength(4);
  expect(silent.events().map(({ type }) => type)).toEqual(["edit.ended"]);
});
