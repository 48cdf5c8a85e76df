import { expect, test } from "vitest";
import type { Probe, Sample } from "./probe.ts";
import { SteadyWatch } from "./steady-watch.ts";

const up: Probe = {
  name: "up",
  summary: "",
  operation: "health",
  scope: "everyone",
  holds: (latest, nodes) => nodes.every((node) => latest.get(node)?.error === null),
};
const watchOf = (nodes: readonly string[], sinceMs: number): SteadyWatch =>
  new SteadyWatch({ probes: [up], membership: { nodes, voters: nodes, joiners: [] }, sinceMs });
const sample = (atMs: number, node: string, error: string | null): Sample => ({
  type: "probe.sampled",
  atMs,
  sentMs: atMs - 1,
  probe: "health",
  node,
  value: error === null ? {} : null,
  error,
  answered: error === null,
});

test("It holds from the first sample that completes it, and starts anew after a break.", () => {
  const watch = watchOf(["n1", "n2"], 0);
  watch.feed(sample(10, "n1", null));
  expect(watch.holdsFromMs).toBeNull();
  watch.feed(sample(20, "n2", null));
  watch.feed(sample(30, "n1", null));
  expect(watch.holdsFromMs).toBe(20);
  watch.feed(sample(40, "n2", "ECONNREFUSED"));
  expect([watch.holdsFromMs, watch.brokenAtMs, watch.broken()]).toEqual([null, 40, ["up"]]);
  watch.feed(sample(50, "n2", null));
  expect(watch.holdsFromMs).toBe(50);
});

test("What was asked before it began does not count, and nothing seen is nothing shown.", () => {
  const watch = watchOf(["n1"], 100);
  watch.feed(sample(100.5, "n1", null));
  expect([watch.holdsFromMs, watch.broken()]).toEqual([null, ["up"]]);
});

const members: Probe = { ...up, name: "members", scope: "members" };
const joining = (sinceMs: number, joined: readonly string[] = []): SteadyWatch =>
  new SteadyWatch({
    probes: [members],
    sinceMs,
    joined,
    membership: { nodes: ["n1", "n2"], voters: ["n1"], joiners: ["n2"] },
  });

test("A joiner counts from when it was told to join: until it answers, what held is broken.", () => {
  const watch = joining(0);
  watch.hear(sample(10, "n1", null));
  expect(watch.holdsFromMs).toBe(10);
  watch.hear({ type: "join.asked", atMs: 20, node: "n2", error: null });
  expect(watch.broken()).toEqual(["members"]);
  watch.hear(sample(30, "n1", null));
  expect([watch.holdsFromMs, watch.brokenAtMs]).toEqual([null, 30]);
  watch.hear(sample(40, "n2", null));
  expect(watch.holdsFromMs).toBe(40);
});

test("Who joined before it began counts from the beginning.", () => {
  const watch = joining(0, ["n2"]);
  watch.feed(sample(10, "n1", null));
  expect(watch.holdsFromMs).toBeNull();
  watch.feed(sample(20, "n2", null));
  expect(watch.holdsFromMs).toBe(20);
});

test("What does not hold is told with the first node that gave no good answer.", () => {
  const watch = watchOf(["n1", "n2"], 0);
  expect(watch.brokenText()).toBe("up");
  watch.hear({ type: "phase.entered", atMs: 5, phase: "warm-up" });
  watch.feed(sample(10, "n2", "ECONNREFUSED"));
  expect(watch.brokenText()).toBe("up (n2: ECONNREFUSED)");
});
