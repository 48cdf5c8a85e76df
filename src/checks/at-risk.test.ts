import { expect, test } from "vitest";
import { atRisk } from "./at-risk.ts";
import { evidenced, faultEvents, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";
import { blockAt } from "../core/testing/pressure-of.ts";
import { editAt } from "../core/testing/swarm-of.ts";

const fault = faultEvents({ injected: [90, 100], healed: [1000, 1010] });
const write: Told = { kind: "write", value: "a", at: [100, 110] };
const nine: readonly Told[] = Array.from({ length: 9 }, (_, index) => ({
  kind: "read",
  at: [200 + index, 210 + index],
}));

test("Ten operations, a write among them, sent and acknowledged under a fault were at risk.", () => {
  const verdict = atRisk.check(evidenced(historyOf([write, ...nine], fault)));
  expect(verdict).toMatchObject({
    status: "pass",
    evidence: [{ text: expect.stringContaining("9 reads, 1 writes, 0 compare-and-sets"), operations: [0, 9] }],
  });
});

test("A fault that is never healed is in force to the end.", () => {
  expect(atRisk.check(evidenced(historyOf([write, ...nine], fault.slice(0, 2)))).status).toBe("pass");
});

test.each<readonly [string, readonly Told[]]>([
  ["an empty history", []],
  ["nine operations", [write, ...nine.slice(1)]],
  ["reads only", [...nine, { kind: "read", at: [300, 310] }]],
  ["the write sent before the fault was in force", [{ ...write, at: [99, 110] }, ...nine]],
  ["the write acknowledged when healing had begun", [{ ...write, at: [990, 1001] }, ...nine]],
  ["the write refused", [{ ...write, outcome: "fail" }, ...nine]],
  ["the write in doubt", [{ ...write, outcome: "info" }, ...nine]],
  ["the write by an uptime client", [{ ...write, client: "uptime.3" }, ...nine]],
])("With %s nothing was at risk.", (_title, operations) => {
  expect(atRisk.check(evidenced(historyOf(operations, operations.length === 0 ? [] : fault))).status).toBe("unknown");
});

test("Nothing is at risk without a fault, or under one that never was in force, or in the final reads.", () => {
  const all = [write, ...nine];
  expect(atRisk.check(evidenced(historyOf(all))).status).toBe("unknown");
  const never = faultEvents({ injected: [90, 100], inForce: 0 });
  expect(atRisk.check(evidenced(historyOf(all, never))).status).toBe("unknown");
  const late = [...fault.slice(0, 2), phaseAt("final-reads", 150)];
  expect(atRisk.check(evidenced(historyOf(all, late))).status).toBe("unknown");
});

test("Edits and blocks that were taken count as writes, blocks that were served as reads; not those of other times.", () => {
  const events = [editAt(200, { kind: "counter", add: 1 }), ...nine.map((_, at) => blockAt(300 + at))];
  const verdict = atRisk.check(evidenced(historyOf([], [...fault, ...events])));
  expect(verdict.status).toBe("pass");
  expect(JSON.stringify(verdict)).toContain("1 edits and blocks taken, 9 blocks served");
  const early = [editAt(50, { kind: "counter", add: 1 }), ...nine.map((_, at) => blockAt(300 + at))];
  expect(atRisk.check(evidenced(historyOf([], [...fault, ...early]))).status).toBe("unknown");
});
