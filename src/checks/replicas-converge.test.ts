import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { answerAt, cutEvents, cutPlan, editAt, joinAt } from "../core/testing/swarm-of.ts";
import { replicasConverge } from "./replicas-converge.ts";

const plan = { ...cutPlan(["n1", "n2", "n3", "n4"]), joiners: ["n4"] };
const cut = cutEvents({ left: ["n1"], right: ["n2", "n3"] });
const edited = editAt(4000, { kind: "register", value: "v" });
const replica = (node: string, digest = "aa", conflicts = 0, atMs = 6000): HistoryEvent =>
  answerAt(atMs, node, ["replica", { digest, conflicts }]);
const told = [edited, ...cut];
const alike = [replica("n1"), replica("n2"), replica("n3")];

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["One digest and no open conflict", [...told, ...alike], "pass"],
  ["Two digests", [...told, replica("n1"), replica("n2"), replica("n3", "bb")], "fail"],
  ["An open conflict under one digest", [...told, replica("n1"), replica("n2"), replica("n3", "aa", 1)], "fail"],
  ["Two digests that became one", [...told, replica("n3", "bb", 0, 5500), ...alike], "pass"],
  ["One digest that became two", [...told, ...alike, replica("n2", "bb", 0, 6500)], "fail"],
  ["A replica that was not asked", [...told, replica("n1"), replica("n2")], "unknown"],
  ["A replica that gave no answer in the end", [...told, ...alike, answerAt(6500, "n2", ["replica", null])], "unknown"],
  [
    "A digest from before the last edit, and none since",
    [...told, editAt(6100, { kind: "counter", add: 1 }), ...alike, replica("n1", "aa", 0, 7000)],
    "unknown",
  ],
  ["A digest from before the cut was healed", [...told, replica("n1", "aa", 0, 4500), ...alike.slice(1)], "unknown"],
  ["An agent that was told to join and is silent", [...told, joinAt(100, "n4"), ...alike], "unknown"],
  ["An agent that joined and differs", [...told, joinAt(100, "n4"), ...alike, replica("n4", "bb")], "fail"],
  ["No edit at all", [...cut, ...alike], "unknown"],
  [
    "Only an edit that was refused",
    [...cut, editAt(4000, { kind: "set", add: "t" }, { outcome: "fail" }), ...alike],
    "unknown",
  ],
  ["Nothing", [], "unknown"],
])("%s: %s", (_title, events, status) => {
  expect(replicasConverge.check(evidenced(historyOf([], events), plan)).status).toBe(status);
});

test("The evidence names who differs from the most, and who has open conflicts.", () => {
  const events = [...told, replica("n1"), replica("n2"), replica("n3", "bb", 2)];
  expect(replicasConverge.check(evidenced(historyOf([], events), plan))).toMatchObject({
    evidence: [
      {
        text: expect.stringMatching(/2 different digests.*aa on n1, n2; bb on n3; conflicts are open on n3/),
        nodes: ["n3"],
      },
    ],
  });
});
