import { expect, test } from "vitest";
import { cutsIn } from "./cut.ts";
import { evidenced, faultEvents, historyOf } from "./testing/history-of.ts";
import { cutEvents, cutPlan } from "./testing/swarm-of.ts";

const { plan } = evidenced(historyOf([]), cutPlan(["n1", "n2", "n3"]));
const sides = { left: ["n1"], right: ["n2", "n3"] };

test("A cut has the sides that were drawn, and when it was in force.", () => {
  const [cut] = cutsIn(plan, historyOf([], cutEvents(sides)));
  expect(cut).toMatchObject({
    sides: [["n1"], ["n2", "n3"]],
    span: { fault: "cut", injectedMs: 1010, healedMs: 5010 },
  });
});

test("A cut of which nothing took hold, one that was never injected, and faults without sides are none.", () => {
  expect(cutsIn(plan, historyOf([], cutEvents({ ...sides, inForce: 0 })))).toEqual([]);
  expect(cutsIn(plan, historyOf([]))).toEqual([]);
  expect(cutsIn(evidenced(historyOf([])).plan, historyOf([], faultEvents({ injected: [10, 20] })))).toEqual([]);
});
