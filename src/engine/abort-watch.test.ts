import { expect, test } from "vitest";
import type { AbortCondition } from "../core/abort-condition.ts";
import type { Probe } from "../core/probe.ts";
import { AbortWatch } from "./abort-watch.ts";

const healthy: AbortCondition = {
  text: "nodes.healthy < 2 for 1s",
  gauge: "nodes.healthy",
  comparator: "<",
  limit: 2,
  forMs: 1000,
};
const errors: AbortCondition = { ...healthy, text: "e", gauge: "errors.ratio", comparator: ">", limit: 0.5, forMs: 0 };
const outage: AbortCondition = { ...healthy, text: "o", gauge: "outage.time", comparator: ">", limit: 500, forMs: 0 };

const well: Probe = {
  name: "well",
  summary: "",
  operation: "health",
  scope: "everyone",
  holds: (latest, nodes) => nodes.every((node) => latest.get(node)?.error === null),
};
const membership = { nodes: ["n1", "n2"], voters: ["n1", "n2"], joiners: [] };

function watchOf(...conditions: readonly AbortCondition[]): AbortWatch {
  return new AbortWatch({ conditions, probes: { well }, membership, startMs: 0 });
}

function answer(watch: AbortWatch, node: string, error: string | null): void {
  watch.feed({ type: "probe.sampled", atMs: 0, sentMs: 0, probe: "health", node, value: null, error, answered: true });
}

test("A condition is met when it has held without a break for as long as it says.", () => {
  const watch = watchOf(healthy);
  for (const node of ["n1", "n2"]) answer(watch, node, null);
  expect(watch.look(0)).toBeNull();
  answer(watch, "n1", "time-out");
  expect(watch.look(100)).toBeNull();
  expect(watch.look(1099)).toBeNull();
  answer(watch, "n1", null);
  expect(watch.look(1100)).toBeNull();
  answer(watch, "n2", "time-out");
  expect(watch.look(1200)).toBeNull();
  expect(watch.look(2200)).toEqual(healthy);
  expect(watch.results()).toEqual([{ condition: healthy.text, met: true, looks: 6, worst: 1 }]);
});

test("What cannot be read is never met, and says that it was never looked at.", () => {
  const watch = watchOf(healthy, errors);
  expect(watch.look(5000)).toBeNull();
  expect(watch.results()).toMatchObject([{ looks: 0, worst: null }, { looks: 0 }]);
});

test("Errors are counted over the last second; an outage since the last acknowledgement.", () => {
  const watch = watchOf(errors, outage);
  watch.feed({ type: "op.ok", atMs: 100, op: 0, value: null, leader: null, term: null });
  watch.feed({ type: "op.fail", atMs: 150, op: 1, error: "x" });
  expect(watch.look(200)).toBeNull();
  watch.feed({ type: "op.info", atMs: 300, op: 2, error: "x" });
  expect(watch.look(300)).toEqual(errors);
  expect(watchOf(outage).look(501)).toEqual(outage);
  const later = watchOf(errors);
  later.feed({ type: "op.fail", atMs: 100, op: 1, error: "x" });
  expect(later.look(1200)).toBeNull();
});

test("A probe that fails, or holds, is met by itself; one that nobody has seen yet is neither.", () => {
  const fails: AbortCondition = { text: "well fails for 1s", probe: "well", when: "fails", forMs: 1000 };
  const holds: AbortCondition = { text: "well holds", probe: "well", when: "holds", forMs: 0 };
  const watch = watchOf(fails, holds);
  expect(watch.look(0)).toBeNull();
  expect(watch.results()).toMatchObject([{ looks: 0 }, { looks: 0 }]);
  answer(watch, "n1", "time-out");
  expect(watch.look(100)).toBeNull();
  expect(watch.look(1100)).toEqual(fails);
  expect(watch.results()).toMatchObject([
    { met: true, looks: 2, worst: 1000 },
    { met: false, looks: 2, worst: 0 },
  ]);
  for (const node of ["n1", "n2"]) answer(watch, node, null);
  watch.look(1200);
  expect(watch.results()).toMatchObject([{ met: true }, { met: true }]);
});

test("A deadline counts from the first fault in force.", () => {
  const deadline: AbortCondition = { ...outage, text: "fault.time > 500ms", gauge: "fault.time" };
  const watch = watchOf(deadline);
  expect(watch.look(1000)).toBeNull();
  const change = { fault: "kill", startedMs: 1000, actions: 1, inForce: 1, problems: [] };
  watch.feed({ type: "fault.injected", atMs: 1100, ...change });
  expect(watch.look(1600)).toBeNull();
  expect(watch.look(1601)).toEqual(deadline);
});
