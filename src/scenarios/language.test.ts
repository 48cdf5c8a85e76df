import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Scenario } from "../core/scenario.ts";
import { asWritten, loadScenario, type ScenarioVocabulary } from "./load.ts";
import type { ParameterChoices } from "./parameters.ts";

const folder = mkdtempSync(join(tmpdir(), "language-"));
afterAll(() => rmSync(folder, { recursive: true }));

const vocabulary: ScenarioVocabulary = {
  faults: {
    kill: { takes: "nodes", check: () => [] },
    isolate: { takes: "nodes", check: () => [] },
    partition: { takes: "sides", check: () => [] },
  },
  probes: ["healthy"],
  workloads: ["register"],
  checks: ["steady-before", "fault-in-force", "at-risk", "fault-gone", "acknowledged-writes", "linearizable"],
  capabilities: ["process.kill", "link.stall"],
  measures: { "failover.time": "ms", "writes.lost": "count" },
};

const small = `name: small
title: Small
class: leader_election_failure
parameters:
  hold: { default: 3s, environment: CHAOS_DURATION, minimum: 100ms, maximum: 1m }
  size: { default: 5 }
  mode: { default: stall, choices: [stall, refuse] }
  limit: { default: 5s }
profiles:
  quick: { nodes: $size }
  full: { nodes: 7, set: { hold: 30s } }
steadyState: { probes: [healthy] }
expect:
  - failover.time < $limit
  - writes.lost == 0
variants:
  kill:
    title: Killed
    timeline:
      - { inject: isolate, on: leader, with: { mode: $mode }, for: $hold }
`;

function load(text: string, choices: Partial<ParameterChoices> = {}): Scenario {
  const file = join(folder, "small.yaml");
  writeFileSync(file, text);
  return loadScenario(file, vocabulary, { ...asWritten, ...choices });
}

function injectOf(scenario: Scenario): object | undefined {
  return scenario.variants[0]?.timeline[0];
}

test("A small scenario is whole: what it does not say has its default.", () => {
  const scenario = load(small);
  expect(scenario).toMatchObject({
    sizes: { nodes: 5, warmUpMs: 1000, coolDownMs: 500 },
    steadyState: { holdMs: 2000, limitMs: 20_000 },
    workload: { name: "register", clientsPerNode: 2, ratePerSecond: null, thinkMs: 8 },
    limits: { faultMs: 600_000, runMs: 3_600_000, nodesShare: 1 },
    abort: [],
    recoveryLimitMs: 30_000,
  });
  const usual = ["steady-before", "fault-in-force", "at-risk", "fault-gone", "acknowledged-writes", "linearizable"];
  expect(scenario.variants[0]?.checks).toEqual(usual);
  expect(scenario.variants[0]?.expectations).toMatchObject([{ limit: 5000 }, { measure: "writes.lost", limit: 0 }]);
});

test("A parameter is what --set says, else the environment, the defaults of the repository, the profile, its default.", () => {
  const variable = (name: string): string | null => (name === "CHAOS_DURATION" ? "7" : null);
  expect(injectOf(load(small))).toMatchObject({ forMs: 3000, params: { mode: "stall" } });
  expect(injectOf(load(small, { profile: "full" }))).toMatchObject({ forMs: 30_000 });
  expect(injectOf(load(small, { profile: "full", variable }))).toMatchObject({ forMs: 7000 });
  expect(injectOf(load(small, { variable, set: { hold: "9s", mode: "refuse" } }))).toMatchObject({
    forMs: 9000,
    params: { mode: "refuse" },
  });
  expect(load(small, { set: { size: "9" } }).sizes.nodes).toBe(9);
  const usual = { hold: "8s" };
  expect(injectOf(load(small, { profile: "full", usual }))).toMatchObject({ forMs: 8000 });
  expect(injectOf(load(small, { profile: "full", usual, variable }))).toMatchObject({ forMs: 7000 });
  expect(load(small, { set: { hold: "9s" } }).parameters["hold"]).toMatchObject({ value: "9s", from: "set" });
  expect(load(small, { set: { limit: "250ms" } }).variants[0]?.expectations[0]?.text).toBe("failover.time < 250ms");
});

test.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
  ["no unit", { hold: "9" }, /--set hold=9: "9" is not a time with its unit.*did you mean 9s/],
  ["a word for a number", { size: "many" }, /--set size=many: "many" is not a number/],
  ["none of the choices", { mode: "stal" }, /"stal" is none of stall, refuse \(did you mean stall\?\)/],
  ["too little", { hold: "1ms" }, /"1ms" is below the minimum, 100ms/],
  ["too much", { hold: "2m" }, /"2m" is above the maximum, 1m/],
  ["a fraction of a node", { size: "2.5" }, /nodes/],
])("A value of --set with %s is refused.", (_what, set, message) => {
  expect(() => load(small, { set })).toThrow(message);
});

test("As a word of its own a parameter may stand in a text of words.", () => {
  const text = small
    .replace("on: leader", "on: $size of followers")
    .replace("size: { default: 5 }", "size: { default: 2 }");
  const on = { kind: "nodes", selections: [{ text: "2 of followers" }] };
  expect(injectOf(load(text.replace("nodes: $size", "nodes: 5")))).toMatchObject({ on });
});

test("The environment is told by its variable when what it says does not fit.", () => {
  expect(() => load(small, { variable: () => "soon" })).toThrow(/CHAOS_DURATION=soon: "soon" is not a time/);
});

/** A change of the small file, and what must be said of it. */
test.each<readonly [string, string, string, RegExp]>([
  ["a reference to nothing", "for: $hold", "for: $hald", /no parameter "hald" for "\$hald" .*did you mean hold/],
  ["a reference within a time", "for: $hold", "for: 5$hold", /for is "5\$hold", must be a time/],
  ["a parameter that nothing uses", "mode: $mode", "mode: stall", /nothing in this file uses "\$mode"/],
  [
    "a profile that sets what is not there",
    "set: { hold:",
    "set: { hould:",
    /no parameter "hould" \(did you mean hold/,
  ],
  [
    "a fault beyond the limit",
    "class: leader",
    "limits: { fault: 1s }\nclass: leader",
    /may be in force for 3 s; limits\.fault is 1 s/,
  ],
  ["a rate and a think time", "class: leader", "workload: { rate: 5/s, think: 1s }\nclass: leader", /leave one out/],
  ["a rate of nothing", "class: leader", "workload: { rate: 0/s }\nclass: leader", /no operation would ever be due/],
  ["no client", "class: leader", "workload: { clientsPerNode: 0, roamingClients: 0 }\nclass: leader", /no client/],
  [
    "a count with a unit",
    "writes.lost == 0",
    "writes.lost == 0s",
    /"0s" does not fit writes\.lost; write a whole number/,
  ],
  ["an unknown sign", "writes.lost == 0", "writes.lost = 0", /is no comparison; compare by <, <=, ==, >=, >/],
  [
    "a label with a meaning of its own",
    "    timeline:",
    "    cast: { rest: leader }\n    timeline:",
    /"rest" has a meaning of its own/,
  ],
  [
    "a part that is chosen too early",
    "    timeline:",
    "    cast: { a: all but b, b: leader }\n    timeline:",
    /"b" is not chosen yet/,
  ],
  [
    "an abort condition without a gauge",
    "class: leader",
    "abort: [nodes.heathy < 2]\nclass: leader",
    /no gauge "nodes\.heathy" \(did you mean nodes\.healthy/,
  ],
  [
    "an abort condition without a time",
    "class: leader",
    "abort: [nodes.healthy < 2 for ever]\nclass: leader",
    /"ever" is no time/,
  ],
])("%s is told with its place.", (_what, from, to, message) => {
  expect(small).toContain(from);
  expect(() => load(small.replace(from, to))).toThrow(message);
  expect(() => load(small.replace(from, to))).toThrow(/small\.yaml:\d+:\d+: /);
});

test("A question is put to one node: a selection of several is refused.", () => {
  const text = `${small}      - { call: campaign, on: 2 followers }\n`;
  expect(() => load(text)).toThrow(/"2 followers" may be several nodes/);
});

const timed = small.slice(0, small.indexOf("      - { inject: isolate"))
  .concat(`      - { at: 0s, inject: isolate, on: leader, with: { mode: $mode }, for: $hold }
      - { at: 1s, inject: kill, on: follower, for: 1s }
      - { at: 2500ms, inject: kill, as: again, on: node n1 }
      - { at: 4s, heal: again }
`);

test("Steps with times overlap: each fault is healed when its own time is over.", () => {
  const steps = load(timed).variants[0]?.timeline.map((step) => {
    if (step.kind === "until") return step.ms;
    return step.kind === "inject" || step.kind === "heal" ? `${step.kind} ${step.id}` : step.kind;
  });
  const wanted = ["inject isolate", "inject kill", "heal kill", "inject again", "heal isolate", "heal again"];
  const times = [0, 1000, 2000, 2500, 3000, 4000];
  expect(steps).toEqual(times.flatMap((time, index) => [time, wanted[index]]));
  expect(injectOf(load(timed))).toMatchObject({ kind: "until" });
});

test.each<readonly [string, string, RegExp]>([
  ["at: 4s, heal: again", "heal: again", /other steps of this timeline have a time/],
  ["at: 4s, heal: again", "hold: 1s", /does not wait/],
  ["at: 4s, heal: again", "at: 4s, heal: kill", /no fault "kill" is in force here: it is healed by its own/],
  ["at: 4s, heal: again", "at: 4s, inject: kill, as: more, on: leader", /nothing comes after it/],
])("A timeline in which %s becomes %s is refused.", (from, to, message) => {
  expect(() => load(timed.replace(from, to))).toThrow(message);
});

test("Every scenario of the catalogue loads in both profiles.", () => {
  const text = readFileSync(join(import.meta.dirname, "catalogue", "leader-loss.yaml"), "utf8");
  expect(text).toContain("$hold");
});

test("A variant's own checks stand in the place of the scenario's; one that does not exist is told with its place.", () => {
  const own = small.replace(/^( +)timeline:/m, "$1checks: [linearizable, at-risk]\n$1timeline:");
  expect(own).not.toBe(small);
  expect(load(own).variants[0]?.checks).toEqual(["linearizable", "at-risk"]);
  expect(() => load(own.replace("linearizable, at-risk", "linearisable"))).toThrow(/there is no check "linearisable"/);
});
