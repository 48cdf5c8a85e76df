import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, historyOf, type Told } from "../core/testing/history-of.ts";
import { blockAt, faultOfBoth, faultPlan, taskAt } from "../core/testing/pressure-of.ts";
import { editAt, peersAt } from "../core/testing/swarm-of.ts";
import { servicesGoOn } from "./services-go-on.ts";

const dependents = { p2p: ["sync", "coordination"], storage: ["coordination"], consensus: ["coordination"] };
const services = { ...dependents, sync: [], coordination: [] };
const failing = (service: string, params = {}): object => ({
  ...faultPlan("service-failure", { service, ...params }),
  services,
});
const ten = Array.from({ length: 10 }, (_, at) => 2000 + at * 100);
const writes = (outcome: Told["outcome"] = "ok"): readonly Told[] =>
  ten.map((ms) => ({ kind: "write", at: [ms, ms + 5], value: `v${ms}`, outcome: outcome ?? "ok" }));
const edits = ten.map((ms) => editAt(ms, { kind: "counter", add: 1 }));
const peers = (of: readonly string[]): readonly HistoryEvent[] => ten.map((ms) => peersAt(ms, "n1", of));
const blocks = ten.map((ms) => blockAt(ms));
const tasks = ten.map((ms) => taskAt(ms));

test.each<readonly [string, object, readonly Told[], readonly HistoryEvent[], string, RegExp]>([
  [
    "goes on where storage fails",
    failing("storage"),
    writes(),
    [...edits, ...peers(["n2"])],
    "pass",
    /consensus answered 10 of 10 .*sync answered 10 of 10/,
  ],
  [
    "stops: consensus, with storage",
    failing("storage"),
    writes("fail"),
    [...edits, ...peers(["n2"])],
    "fail",
    /consensus answered 0 of 10/,
  ],
  [
    "stops: the network, with storage",
    failing("storage"),
    writes(),
    [...edits, ...peers([])],
    "fail",
    /p2p answered 0 of 10/,
  ],
  [
    "goes on where the network fails, sync and coordination need it",
    failing("p2p"),
    writes(),
    blocks,
    "pass",
    /storage answered 10 of 10/,
  ],
  [
    "goes on where consensus fails",
    failing("consensus"),
    writes("fail"),
    [...blocks, ...edits, ...peers(["n2"])],
    "pass",
    /storage answered 10/,
  ],
  [
    "goes on where coordination fails",
    failing("coordination"),
    writes(),
    [...blocks, ...edits, ...peers(["n2"]), ...tasks],
    "pass",
    /sync/,
  ],
  ["was not asked", failing("storage"), writes(), peers(["n2"]), "unknown", /sync answered 0 of 0 .*5 are needed/],
  [
    "is not known to the target",
    faultPlan("service-failure", { service: "storage" }),
    writes(),
    [],
    "unknown",
    /says nothing of what depends on/,
  ],
])(
  "What does not need the failed service %s: the verdict follows.",
  (_what, plan, operations, events, status, text) => {
    const history = historyOf(operations, [...faultOfBoth(), ...events]);
    const verdict = servicesGoOn.check(evidenced(history, plan));
    expect(verdict.status).toBe(status);
    expect(JSON.stringify(verdict)).toMatch(text);
  },
);

test("One request in ten may fail, two may not; what ends after healing does not count.", () => {
  const some = (bad: number): readonly Told[] =>
    ten.map((ms, at) => ({ kind: "write", at: [ms, ms + 5], value: `v${ms}`, outcome: at < bad ? "info" : "ok" }));
  const late: Told = { kind: "write", at: [8999, 9100], value: "late", outcome: "info" };
  const verdict = (operations: readonly Told[]): string =>
    servicesGoOn.check(
      evidenced(historyOf(operations, [...faultOfBoth(), ...edits, ...peers(["n2"])]), failing("storage")),
    ).status;
  expect([verdict([...some(1), late]), verdict(some(2))]).toEqual(["pass", "fail"]);
});
