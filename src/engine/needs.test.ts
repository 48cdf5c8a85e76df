import { expect, test } from "vitest";
import type { Fault } from "../core/fault.ts";
import type { Plan } from "../core/plan.ts";
import type { Probe } from "../core/probe.ts";
import type { Step } from "../core/scenario.ts";
import type { Target } from "../core/target.ts";
import { asked, target } from "../core/testing/targets.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { everyone } from "../core/testing/selections.ts";
import type { Workload } from "../core/workload.ts";
import { missingFrom, needs, type Registries } from "./plan.ts";

const fault = (name: string, capability: "process.kill" | "link.stall"): Fault => ({
  name,
  summary: "",
  takes: "nodes",
  schema: {},
  check: () => [],
  capabilities: () => [capability],
  work: () => ({ actions: [], signs: [] }),
});
const probe = (name: string, operation: string): Probe => ({
  name,
  summary: "",
  operation,
  scope: "everyone",
  holds: () => true,
});
const workload: Workload = {
  name: "register",
  summary: "",
  operations: ["read"],
  run: () => Promise.resolve(),
  finalReads: () => Promise.resolve(),
};
const registries: Registries = {
  faults: { kill: fault("kill", "process.kill"), isolate: fault("isolate", "link.stall") },
  probes: { well: probe("well", "health"), connected: probe("connected", "peers") },
  workloads: { register: workload },
  checks: {},
};
const step = (name: string): Step => ({
  kind: "inject",
  id: name,
  fault: name,
  params: {},
  on: { kind: "nodes", selections: [everyone] },
  forMs: 1,
  isAwaited: true,
});
const planOf = (changed: Partial<Plan>): Plan => evidenced(historyOf([]), changed).plan;
const steady = (...probes: readonly string[]): Partial<Plan> => ({ steadyState: { probes, holdMs: 1, limitMs: 1 } });

test.each<readonly [string, Partial<Plan>, boolean]>([
  ["a kill and a look at health", { timeline: [step("kill")], ...steady("well") }, false],
  ["a cut, whose witness they are", { timeline: [step("isolate")], ...steady("well") }, true],
  ["a steady state that looks at them", { timeline: [step("kill")], ...steady("connected") }, true],
  [
    "a step that waits for them",
    { timeline: [{ kind: "await-probe", probe: "connected", limitMs: 1 }], ...steady("well") },
    true,
  ],
])("Peers are asked for where something needs them: %s.", (_what, changed, isNeeded) => {
  expect(needs(planOf(changed), registries).operations.has("peers")).toBe(isNeeded);
});

test("What a target lacks is named: operations, and capabilities that do not follow from its file.", () => {
  const kill = planOf({ timeline: [step("kill")], ...steady("well") });
  expect(missingFrom(target, kill, registries)).toEqual(['capability "process.kill"']);
  const cut = planOf({ timeline: [step("isolate")], ...steady("well") });
  expect(missingFrom(target, cut, registries)).toEqual(['operation "peers"', 'capability "link.stall"']);
  const linked: Target = {
    ...target,
    links: { port: "p", silentAfterMs: 300, agents: null },
    operations: { ...target.operations, peers: asked },
  };
  expect(missingFrom(linked, cut, registries)).toEqual([]);
  expect(missingFrom({ ...linked, capabilities: [] }, cut, registries)).toEqual(['capability "link.stall"']);
});

test("Joins and edits ask for the operations that make them and tell of them; without either none is asked for.", () => {
  const operationsFor = (changed: Partial<Plan>): ReadonlySet<string> => needs(planOf(changed), registries).operations;
  expect(operationsFor({ timeline: [], ...steady("well") })).toEqual(new Set(["health", "leader", "read"]));
  const join: Step = { kind: "join", count: 1, limitMs: 1 };
  expect(operationsFor({ timeline: [join], ...steady("well") })).toEqual(
    new Set(["health", "leader", "read", "join", "peers", "members"]),
  );
  const edits = { documents: 1, ratePerSecond: 1, timeoutMs: 1 };
  expect(operationsFor({ edits, timeline: [], ...steady("well") })).toEqual(
    new Set(["health", "leader", "read", "edit", "document", "replica"]),
  );
});
