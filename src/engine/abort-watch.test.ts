import { expect, test } from "vitest";
import type { AbortCondition } from "../core/abort-condition.ts";
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

function answer(watch: AbortWatch, node: string, error: string | null): void {
  watch.feed({ type: "probe.sampled", atMs: 0, sentMs: 0, probe: "health", node, value: null, error, answered: true });
}

test("A condition is met when it has held without a break for as long as it says.", () => {
  const watch = new AbortWatch([healthy], 0);
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
  const watch = new AbortWatch([healthy, errors], 0);
  expect(watch.look(5000)).toBeNull();
  expect(watch.results()).toMatchObject([{ looks: 0, worst: null }, { looks: 0 }]);
});

test("Errors are counted over the last second; an outage since the last acknowledgement.", () => {
  const watch = new AbortWatch([errors, outage], 0);
  watch.feed({ type: "op.ok", atMs: 100, op: 0, value: null, leader: null, term: null });
  watch.feed({ type: "op.fail", atMs: 150, op: 1, error: "x" });
  expect(watch.look(200)).toBeNull();
  watch.feed({ type: "op.info", atMs: 300, op: 2, error: "x" });
  expect(watch.look(300)).toEqual(errors);
  expect(new AbortWatch([outage], 0).look(501)).toEqual(outage);
  const later = new AbortWatch([errors], 0);
  later.feed({ type: "op.fail", atMs: 100, op: 1, error: "x" });
  expect(later.look(1200)).toBeNull();
});
