import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Measurement } from "../core/measurement.ts";
import type { Plan } from "../core/plan.ts";
import type { Probe } from "../core/probe.ts";
import { sampleValue } from "../core/probe.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { answerAt, cutEvents, cutPlan, editAt, joinAt } from "../core/testing/swarm-of.ts";
import { conflictResolution } from "./conflict-resolution.ts";

/** n1 and n2 are cut off from n3 and the bridge n4 is on no side: in force from 1010 ms, healed from 5000 to 5010 ms. n5 may join. */
const plan: Partial<Plan> = { ...cutPlan(["n1", "n2", "n3", "n4", "n5"]), joiners: ["n5"] };
const cut = cutEvents({ left: ["n1", "n2"], right: ["n3"] });
const alike: Probe = {
  name: "replicas-converged",
  summary: "",
  operation: "replica",
  scope: "members",
  holds: (latest, nodes) => new Set(nodes.map((node) => sampleValue(latest.get(node), "digest"))).size === 1,
};
const measure = (
  events: readonly HistoryEvent[],
  probes: Readonly<Record<string, Probe>> = { "replicas-converged": alike },
): Measurement => conflictResolution.measure({ ...evidenced(historyOf([], events), plan), probes });

const title = (atMs: number, node: string, told: Parameters<typeof editAt>[2] = {}): HistoryEvent =>
  editAt(atMs, { kind: "register", value: `by ${node} at ${atMs}` }, { node, ...told });
const conflict = [title(2000, "n1"), title(2100, "n3")];
const replicas = (atMs: number, ...digests: readonly string[]): readonly HistoryEvent[] =>
  digests.map((digest, index) => answerAt(atMs + index, `n${index + 1}`, ["replica", { digest }]));
const resolved = replicas(5100, "a", "a", "a", "a");

test("It is from the links open again to one digest on all, and stops at the last look that showed them apart.", () => {
  const events = [...cut, ...conflict, ...replicas(5100, "a", "b", "a", "a"), ...replicas(5300, "a", "a")];
  const measured = measure(events);
  expect(measured).toMatchObject({ kind: "measured", unit: "ms", low: 290, high: 301, samples: 6 });
  expect(measured).toMatchObject({ tracks: [{ subject: "cut", from: [5000, 5010], holdMs: 0 }] });
  expect(measured).toMatchObject({
    note: expect.stringContaining("1 fields had been edited on both sides: d/register"),
  });
});

test("Until every replica was asked since, it is not known whether they agree.", () => {
  const early = replicas(4900, "a", "a", "a", "a");
  expect(measure([...cut, ...conflict, ...early, ...resolved])).toMatchObject({ kind: "measured", high: 103 });
  expect(measure([...cut, ...conflict, ...early, ...resolved.slice(1)])).toMatchObject({
    kind: "not-measured",
    reason: "3 of 4 replicas were asked after cut was healed",
  });
});

test("Who joined must agree too.", () => {
  const joined = [...cut, ...conflict, joinAt(100, "n5")];
  expect(measure([...joined, ...resolved])).toMatchObject({ kind: "not-measured" });
  expect(measure([...joined, ...replicas(5100, "a", "a", "a", "a", "a")])).toMatchObject({ kind: "measured" });
});

test("Replicas that never agree are beyond what was waited for.", () => {
  const apart = [...replicas(5100, "a", "b", "a", "a"), ...replicas(8000, "a", "b")];
  expect(measure([...cut, ...conflict, ...apart])).toMatchObject({ kind: "beyond", atLeast: 2991 });
});

test.each<readonly [string, readonly HistoryEvent[]]>([
  ["no edit", []],
  ["edits of one side alone", [title(2000, "n1"), title(2100, "n2")]],
  ["different fields", [title(2000, "n1"), title(2100, "n3", { field: "other" })]],
  ["different documents", [title(2000, "n1"), title(2100, "n3", { document: "e" })]],
  ["an edit that was refused", [title(2000, "n1"), title(2100, "n3", { outcome: "fail" })]],
  ["an edit in doubt", [title(2000, "n1"), title(2100, "n3", { outcome: "info" })]],
  ["an edit that was sent before the cut was whole", [title(2000, "n1"), title(1012, "n3")]],
  ["an edit that was answered after healing began", [title(2000, "n1"), title(5001, "n3")]],
  ["an edit by a node on no side", [title(2000, "n1"), title(2100, "n4")]],
  [
    "sets and counters, which have no conflicts",
    [editAt(2000, { kind: "set", add: "t" }, { node: "n1" }), editAt(2100, { kind: "set", add: "u" }, { node: "n3" })],
  ],
])("With %s there was nothing to resolve: not measured.", (_title, edits) => {
  expect(measure([...cut, ...edits, ...resolved])).toMatchObject({
    kind: "not-measured",
    reason: "no field was edited on both sides of cut: there was nothing to resolve",
  });
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["an empty history", [], "no cut between sides took hold"],
  [
    "a cut that was not healed",
    [...cutEvents({ left: ["n1"], right: ["n3"], healed: null }), ...conflict],
    "the cut cut was never wholly taken back",
  ],
  [
    "a cut of which something stayed",
    [...cutEvents({ left: ["n1"], right: ["n3"], residue: 1 }), ...conflict],
    "the cut cut was never wholly taken back",
  ],
])("Of %s it is not measured, with the reason.", (_title, events, reason) => {
  expect(measure(events)).toMatchObject({ kind: "not-measured", reason });
});

test("Without the probe that tells it, it is not measured.", () => {
  expect(measure([...cut, ...conflict, ...resolved], {})).toMatchObject({
    reason: "the steady state does not name the probe replicas-converged",
  });
});
