import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Plan } from "../core/plan.ts";
import { evidenced, historyOf, type Told } from "../core/testing/history-of.ts";
import { cutEvents, cutPlan } from "../core/testing/swarm-of.ts";
import { minorityRefusesWrites } from "./minority-refuses-writes.ts";

/** Five voters and two agents; n1, n2 and the agent n6 are cut off from 1010 ms to 5000 ms. */
const nodes = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"];
const plan = { ...cutPlan(nodes), voters: nodes.slice(0, 5) };
const left = ["n1", "n2", "n6"];
const right = ["n3", "n4", "n5", "n7"];
const cut = cutEvents({ left, right });

const write = (node: string, part: Partial<Told> = {}): Told => {
  const sent: Told = { kind: "write", value: "v", node, at: [2000, 2100] };
  return { ...sent, ...part };
};
const statusOf = (
  told: readonly Told[],
  events: readonly HistoryEvent[] = cut,
  changed: Partial<Plan> = plan,
): string => minorityRefusesWrites.check(evidenced(historyOf(told, events), changed)).status;

test.each<readonly [string, readonly Told[], string]>([
  ["An accepted write", [write("n1")], "fail"],
  ["An accepted write by way of an agent", [write("n6")], "fail"],
  ["An accepted compare-and-set", [write("n2", { kind: "cas", expected: "u" })], "fail"],
  ["One accepted among refused ones", [write("n1", { outcome: "fail" }), write("n2")], "fail"],
  ["A refused write", [write("n1", { outcome: "fail" })], "pass"],
  ["A write of which nobody knows", [write("n2", { outcome: "info" })], "pass"],
  ["An accepted write on the other side", [write("n3"), write("n7"), write("n1", { outcome: "fail" })], "pass"],
  ["None but on the other side", [write("n3")], "unknown"],
  ["An answered read", [write("n1", { kind: "read" })], "unknown"],
  ["A write sent before the cut was whole", [write("n1", { at: [1005, 1100] })], "unknown"],
  ["A write answered after healing began", [write("n1", { at: [4990, 5001] })], "unknown"],
  ["A write that was never answered", [write("n1", { at: [2000, null] })], "unknown"],
  ["No operation at all", [], "unknown"],
])("%s on the side of two of five voters: %s", (_title, told, status) => {
  expect(statusOf(told)).toBe(status);
});

test("Of two equal halves of the voters neither may accept a write.", () => {
  const four = cutPlan(["n1", "n2", "n3", "n4"]);
  const halves = cutEvents({ left: ["n1", "n2"], right: ["n3", "n4"] });
  expect(statusOf([write("n1")], halves, four)).toBe("fail");
  expect(statusOf([write("n4")], halves, four)).toBe("fail");
});

test("A cut that was never healed goes on to the end of the history.", () => {
  expect(statusOf([write("n1", { at: [9000, 9100] })], cutEvents({ left, right, healed: null }))).toBe("fail");
});

test.each([
  ["an empty history", []],
  ["a cut that never took hold", cutEvents({ left, right, inForce: 0 })],
])("Of %s it is unknown.", (_title, events) => {
  expect(minorityRefusesWrites.check(evidenced(historyOf([write("n1")], events), plan))).toMatchObject({
    status: "unknown",
    reason: "no cut between sides took hold",
  });
});

test("The evidence names the write, the node and when.", () => {
  expect(minorityRefusesWrites.check(evidenced(historyOf([write("n1")], cut), plan))).toMatchObject({
    evidence: [{ text: expect.stringContaining("n1 was on a side without a majority"), nodes: ["n1"] }],
  });
});
