import { expect, test } from "vitest";
import type { Json } from "../core/json.ts";
import type { Sample } from "../core/probe.ts";
import { answerAt, peersAt } from "../core/testing/swarm-of.ts";
import { oneSwarm } from "./one-swarm.ts";

const eight = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"];
const [a, b] = [eight.slice(0, 4), eight.slice(4)];
/** What every node of a group says that hears all others of it. */
const mesh = (group: readonly string[]): readonly Sample[] =>
  group.map((node) =>
    peersAt(
      10,
      node,
      group.filter((other) => other !== node),
    ),
  );
const latest = (samples: readonly Sample[]): ReadonlyMap<string, Sample> =>
  new Map(samples.map((sample) => [sample.node, sample]));
const also = (node: string, group: readonly string[], more: string): Sample =>
  peersAt(20, node, [...group.filter((other) => other !== node), more]);
const says = (node: string, value: Json): Sample => answerAt(20, node, ["peers", value]);

test.each<readonly [string, readonly string[], readonly Sample[], boolean]>([
  ["Everybody hears everybody", eight, mesh(eight), true],
  ["Two halves, each of whom has three live peers", eight, [...mesh(a), ...mesh(b)], false],
  [
    "Two halves with one link that both ends hear",
    eight,
    [...mesh(a), ...mesh(b), also("a1", a, "b1"), also("b1", b, "a1")],
    true,
  ],
  ["Two halves with one link that one end hears", eight, [...mesh(a), ...mesh(b), also("a1", a, "b1")], false],
  [
    "Two halves with two links that one end hears each",
    eight,
    [...mesh(a), ...mesh(b), also("a1", a, "b1"), also("b2", b, "a2")],
    false,
  ],
  ["One node with two peers", eight, [...mesh(eight), peersAt(20, "a1", ["a2", "b1"])], false],
  ["One node that did not answer", eight, [...mesh(eight), says("a1", null)], false],
  ["One node that was not asked", eight, mesh(eight).slice(1), false],
  ["Three nodes that have each other, which is all", a.slice(0, 3), mesh(a.slice(0, 3)), true],
  ["A node alone, which is heard by nobody and needs nobody", ["a1"], [peersAt(10, "a1", [])], true],
  [
    "A peer not heard for 2501 ms",
    a,
    [...mesh(a), says("a1", { peers: ["a2", "a3", "a4"], heardMs: [10, 10, 2501] })],
    false,
  ],
  [
    "A peer heard 2500 ms ago",
    a,
    [...mesh(a), says("a1", { peers: ["a2", "a3", "a4"], heardMs: [10, 10, 2500] })],
    true,
  ],
  [
    "A peer of whom nothing was ever heard",
    a,
    [...mesh(a), says("a1", { peers: ["a2", "a3", "a4"], heardMs: [10, 10, null] })],
    false,
  ],
  ["A system that says only who is connected now", a, [...mesh(a), says("a1", { peers: ["a2", "a3", "a4"] })], true],
  ["Answers that are no list", a, [...mesh(a), says("a1", { peers: "a2" })], false],
])("Whether it is one swarm: %s.", (_title, nodes, samples, holds) => {
  expect(oneSwarm.holds(latest(samples), nodes)).toBe(holds);
});

test("Nothing seen is nothing shown.", () => {
  expect(oneSwarm.holds(new Map(), eight)).toBe(false);
});
