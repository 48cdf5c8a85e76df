import { expect, test } from "vitest";
import { evidenced, faultEvents, historyOf } from "./testing/history-of.ts";
import { faultOfBoth, faultPlan } from "./testing/pressure-of.ts";
import { part } from "./testing/selections.ts";
import { cutEvents, cutPlan } from "./testing/swarm-of.ts";
import type { HistoryEvent } from "./history-event.ts";
import type { Plan } from "./plan.ts";
import { type Held, heldFaults } from "./under-fault.ts";

function held(changed: Partial<Plan>, events: readonly HistoryEvent[], fault: string): readonly Held[] {
  const history = historyOf([], events);
  return heldFaults(evidenced(history, changed).plan, history, fault);
}
const limit = faultPlan("memory-limit", {});

test("A fault that took hold is told with whom it hit, from when it was in force until its healing began.", () => {
  const [one, ...more] = held(limit, faultOfBoth(), "memory-limit");
  expect(more).toEqual([]);
  expect(one).toMatchObject({ step: { id: "f" }, nodes: ["n1", "n2"], fromMs: 1000, toMs: 9000 });
});

test("One that is never healed lasts to the end of the history.", () => {
  const open = faultEvents({ fault: "f", injected: [990, 1000], cast: { everyone: ["n1"] } });
  const later: HistoryEvent = { type: "phase.entered", atMs: 7000, phase: "recovery" };
  expect(held(limit, [...open, later], "memory-limit")).toMatchObject([{ nodes: ["n1"], toMs: 7000 }]);
});

test("A fault on sides hit all who are on any of them.", () => {
  const cut = held(cutPlan(["n1", "n2", "n3"]), cutEvents({ left: ["n1"], right: ["n2", "n3"] }), "partition");
  expect(cut).toMatchObject([{ nodes: ["n1", "n2", "n3"], fromMs: 1010, toMs: 5000 }]);
});

test("Of several parts of the cast the nodes are those that the step was told to have hit.", () => {
  const on = { kind: "nodes", selections: [part("lost"), part("other")] } as const;
  const [step] = limit.timeline ?? [];
  if (step?.kind !== "inject") throw new Error("the plan injects nothing");
  const two = faultEvents({ fault: "f", injected: [990, 1000], cast: { lost: ["n1"], "lost, other": ["n1", "n2"] } });
  expect(held({ ...limit, timeline: [{ ...step, on }] }, two, "memory-limit")).toMatchObject([{ nodes: ["n1", "n2"] }]);
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["is of another kind", faultOfBoth(), "cpu-limit"],
  ["never came", [], "memory-limit"],
  ["held nowhere", faultEvents({ fault: "f", injected: [990, 1000], inForce: 0 }), "memory-limit"],
])("A fault that %s is none.", (_what, events, fault) => {
  expect(held(limit, events, fault)).toEqual([]);
});
