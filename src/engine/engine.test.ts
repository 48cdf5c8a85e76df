import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { HarnessError } from "../core/harness-error.ts";
import { planDigest } from "../core/plan.ts";
import type { Sample } from "../core/probe.ts";
import { aRun } from "../core/testing/a-run.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import type { Selection } from "../core/selection.ts";
import * as who from "../core/testing/selections.ts";
import { drawCast, namedLeader, subjectsOf } from "./cast.ts";
import { HistoryFile, readHistory } from "./history-file.ts";
import { judge } from "./judge.ts";
import { reproduceCommand } from "./request.ts";
import { exitCodeOf } from "./series.ts";
import { readStoredRun } from "./stored-run.ts";

const base = mkdtempSync(join(tmpdir(), "engine-"));
afterAll(() => rmSync(base, { recursive: true }));
const fresh = (): string => mkdtempSync(join(base, "run-"));

const { plan } = evidenced(historyOf([]), {
  nodes: ["n1", "n2", "n3"],
  castingOrder: ["n3", "n1", "n2"],
  cast: { lost: who.leader, other: who.follower, third: who.follower },
});
const names = (node: string, leader: string | null, term: number): Sample => ({
  type: "probe.sampled",
  atMs: 1,
  sentMs: 0,
  probe: "leader",
  node,
  value: { leader, term },
  error: null,
  answered: true,
});
const latest = (...samples: readonly Sample[]): ReadonlyMap<string, Sample> =>
  new Map(samples.map((one) => [one.node, one]));

test("The leader is the one whom most nodes name in the latest term; a deposed one's own claim does not count.", () => {
  expect(namedLeader(latest(names("n1", "n1", 1), names("n2", "n2", 2), names("n3", "n2", 2)))).toBe("n2");
  expect(namedLeader(latest(names("n1", null, 3), names("n2", "n2", 2)))).toBeNull();
  expect(namedLeader(new Map())).toBeNull();
});

test("The cast is the leader of that moment, then followers in the order drawn at plan, no node twice.", () => {
  expect(drawCast(plan, "n1")).toEqual({ cast: { lost: ["n1"], other: ["n3"], third: ["n2"] } });
  expect(drawCast(plan, "n3")).toEqual({ cast: { lost: ["n3"], other: ["n1"], third: ["n2"] } });
  expect(drawCast(plan, null)).toEqual({ problem: 'part "lost": "leader": nobody leads' });
  expect(drawCast({ ...plan, cast: { ...plan.cast, fourth: who.follower } }, "n1")).toEqual({
    problem: 'part "fourth": "follower" asks for 1 nodes, and there are 0',
  });
  const twice = { one: who.leader, two: who.leader };
  expect(drawCast({ ...plan, cast: twice }, "n1")).toEqual({ problem: 'part "two": n1 plays another part already' });
});

test("A step's subjects are the cast's nodes, sides of them, or every node by that word.", () => {
  const now = {
    order: plan.castingOrder,
    all: 3,
    voters: plan.nodes,
    leader: "n2",
    cast: { lost: ["n1"], other: ["n3"] },
  };
  const nodes = (...selections: readonly Selection[]): unknown => subjectsOf({ kind: "nodes", selections }, now);
  const sides = (...of: readonly (readonly Selection[])[]): unknown => subjectsOf({ kind: "sides", sides: of }, now);
  expect(nodes(who.part("other"))).toEqual({ nodes: ["n3"], sides: [] });
  expect(nodes(who.leader, who.part("lost"))).toEqual({ nodes: ["n2", "n1"], sides: [] });
  expect(nodes(who.everyone)).toEqual({ nodes: ["n3", "n1", "n2"], sides: [] });
  expect(sides([who.part("lost")], [who.rest])).toMatchObject({ sides: [["n1"], ["n3", "n2"]] });
  expect(sides([who.part("lost")], [who.everyone])).toEqual({ problem: "n1 is on two sides" });
  expect(nodes(who.part("nobody"))).toEqual({ problem: '"nobody": nobody plays "nobody"' });
});

test("The digest of a plan is of what is done: its place in a series and its scenario's lines are no part of it, its seed is.", () => {
  const { digest: _, ...rest } = plan;
  expect(planDigest({ ...rest, repetition: 3, repetitions: 5, seriesSeed: "x" })).toBe(planDigest(rest));
  const moved = { ...rest.source, digest: "f".repeat(64), line: 31, lines: { linearizable: 3 } };
  expect(planDigest({ ...rest, source: moved })).toBe(planDigest(rest));
  expect(planDigest({ ...rest, seed: "ffffffff" })).not.toBe(planDigest(rest));
});

test("The command that runs a repetition again names everything that makes its plan.", () => {
  const third = { ...plan, repetition: 3, repetitions: 5, seriesSeed: "42", target: { name: "t", defect: "odd" } };
  const said = { default: "3s", description: "", variable: null } as const;
  const parameters = {
    hold: { ...said, value: "1500ms", from: "environment" },
    note: { ...said, value: "a word's", from: "set" },
    other: { ...said, value: "3s", from: "profile" },
  } as const;
  const asked = {
    scenario: "my s.yaml",
    target: "mine.yaml",
    nodes: 3,
    allow: ["staging"],
    runLimitMs: 90_000,
    out: "my reports",
    proxy: "http://127.0.0.1:8474",
    parameters,
  };
  expect(reproduceCommand(third, asked)).toBe(
    "prism-chaos run 'my s.yaml' --variant v --profile quick --seed 42 --repeat 5 --repetition 3 --target mine.yaml --allow staging --nodes 3" +
      " --set hold=1500ms --set 'note=a word'\\''s' --defect odd --proxy http://127.0.0.1:8474 --out 'my reports' --timeout 90s",
  );
});

const events: readonly HistoryEvent[] = [
  { type: "phase.entered", atMs: 0, phase: "starting" },
  { type: "step.missed", atMs: 1, reason: "late" },
];

test("A history that was written is read as it was; a last line torn by a kill is passed over.", async () => {
  const file = join(fresh(), "history.ndjson");
  const written = new HistoryFile(file);
  for (const event of events) written.append(event);
  written.close();
  appendFileSync(file, '{"type":"op.inv');
  expect([...(await readHistory(file)).events()]).toEqual(events);
});

test.each([
  ["a line that is no JSON, in the middle", "nonsense\n"],
  ["an event of a type that there is not", '{"type":"op.maybe","atMs":1}\n'],
  ["an event with a field too many", '{"type":"phase.entered","atMs":1,"phase":"starting","x":1}\n'],
  ["an event with a wrong type", '{"type":"phase.entered","atMs":"1","phase":"starting"}\n'],
  ["a completion of nothing", '{"type":"op.fail","atMs":1,"op":9,"error":"x"}\n'],
])("A history with %s is unusable: exit 12.", async (_what, line) => {
  const file = join(fresh(), "history.ndjson");
  writeFileSync(file, `${line}${JSON.stringify(events[0])}\n`);
  await expect(readHistory(file)).rejects.toMatchObject({ exitCode: 12 });
});

test("A stored run whose plan was altered, or whose files are missing, is refused with the right code.", async () => {
  const folder = fresh();
  await expect(readStoredRun(folder)).rejects.toMatchObject({ exitCode: 64 });
  const { digest: _, ...rest } = plan;
  const good = { ...rest, digest: planDigest(rest) };
  writeFileSync(join(folder, "plan.json"), JSON.stringify(good));
  await expect(readStoredRun(folder)).rejects.toMatchObject({ exitCode: 12 });
  writeFileSync(join(folder, "history.ndjson"), `${JSON.stringify(events[0])}\n`);
  expect((await readStoredRun(folder)).report).toBeNull();
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ ...good, recoveryLimitMs: 1 }));
  await expect(readStoredRun(folder)).rejects.toThrow(/not the plan that was run/);
  writeFileSync(join(folder, "plan.json"), "{");
  await expect(readStoredRun(folder)).rejects.toMatchObject({ exitCode: 12 });
});

test("A plan that asks for a check which there is not, or which breaks off, is unknown, never passed.", () => {
  const history = historyOf([]);
  const judged = judge({ ...plan, checks: ["none", "broken"] }, history, {
    measures: {},
    probes: {},
    expectations: () => [],
    aborts: () => [],
    checks: {
      broken: {
        name: "broken",
        summary: "",
        check: () => {
          throw new Error("oops");
        },
      },
    },
  });
  expect(judged.status).toBe("unknown");
  expect(judged.verdicts.map((verdict) => (verdict.status === "unknown" ? verdict.reason : ""))).toEqual([
    'there is no check "none"',
    "the check broke off: oops",
  ]);
  expect(
    judge({ ...plan, checks: [] }, history, {
      measures: {},
      probes: {},
      expectations: () => [],
      aborts: () => [],
      checks: {},
    }).status,
  ).toBe("unknown");
});

test("A run that was broken off ends with its error's code, one of ours with 70.", () => {
  const broken = (thrown: Error): number =>
    exitCodeOf({ kind: "broken-off", folder: "", plan, run: aRun, thrown, reproduce: "again" });
  expect(broken(new HarnessError("x", { code: "c", exit: "unavailable", next: "" }))).toBe(69);
  expect(broken(Object.assign(new Error("interrupted"), { exitCode: 143 }))).toBe(143);
  expect(broken(new TypeError("x"))).toBe(70);
});
