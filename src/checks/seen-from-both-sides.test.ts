import { expect, test } from "vitest";
import type { Link } from "../core/action.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { cutEvents, cutPlan } from "../core/testing/swarm-of.ts";
import { seenFromBothSides } from "./seen-from-both-sides.ts";

const plan = cutPlan(["n1", "n2", "n3", "n4"]);
type Ends = readonly [from: string, to: string];
const links = (...ends: readonly Ends[]): readonly Link[] => ends.map(([from, to]) => ({ from, to }));
const sides = { left: ["n1", "n2"], right: ["n3", "n4"] };

test.each<readonly [string, readonly Ends[], string]>([
  [
    "seen by one node of each side",
    [
      ["n3", "n1"],
      ["n1", "n3"],
    ],
    "pass",
  ],
  [
    "seen by different nodes of each side",
    [
      ["n4", "n2"],
      ["n1", "n3"],
    ],
    "pass",
  ],
  [
    "seen from one side alone, so that it may be one-way",
    [
      ["n3", "n1"],
      ["n4", "n2"],
    ],
    "unknown",
  ],
  [
    "seen only as silence within the sides",
    [
      ["n2", "n1"],
      ["n4", "n3"],
    ],
    "unknown",
  ],
  ["seen by nobody", [], "unknown"],
])("A cut %s: %s", (_title, unheard, status) => {
  const history = historyOf([], cutEvents({ ...sides, unheard: links(...unheard) }));
  expect(seenFromBothSides.check(evidenced(history, plan)).status).toBe(status);
});

test("It says from which side a cut was not seen.", () => {
  const history = historyOf([], cutEvents({ ...sides, unheard: links(["n3", "n1"]) }));
  expect(seenFromBothSides.check(evidenced(history, plan))).toMatchObject({
    reason: "cut was not seen from the side of n3, n4",
  });
});

test("A silent link that there is not in the plan is nobody's sign.", () => {
  const history = historyOf([], cutEvents({ ...sides, unheard: links(["n3", "n1"], ["n1", "n3"]) }));
  const known = { ...plan, links: links(["n3", "n1"]) };
  expect(seenFromBothSides.check(evidenced(history, known)).status).toBe("unknown");
});

test.each([
  ["an empty history", []],
  [
    "a cut of which nothing is in force",
    cutEvents({ ...sides, inForce: 0, unheard: links(["n3", "n1"], ["n1", "n3"]) }),
  ],
])("Of %s it is unknown: there was no cut.", (_title, events) => {
  expect(seenFromBothSides.check(evidenced(historyOf([], events), plan))).toMatchObject({
    status: "unknown",
    reason: "no cut between sides took hold",
  });
});
