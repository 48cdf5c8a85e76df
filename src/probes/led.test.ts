import { expect, test } from "vitest";
import type { Sample } from "../core/probe.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { led } from "./led.ts";

const nodes = ["n1", "n2", "n3"];
const named = (node: string, leader: string | null, term = 2): Sample =>
  answerAt(1, node, ["leader", { leader, term }]);
const silent = (node: string): Sample => answerAt(1, node, ["leader", null]);

test.each<readonly [string, readonly Sample[], boolean]>([
  ["all name one", nodes.map((node) => named(node, "n2")), true],
  ["the old leader is gone, the others name a new one", [silent("n1"), named("n2", "n2"), named("n3", "n2")], true],
  ["the others still name the one that is gone", [silent("n1"), named("n2", "n1"), named("n3", "n1")], false],
  [
    "a majority names one that does not say so itself",
    [named("n1", "n3", 1), named("n2", "n1"), named("n3", "n1")],
    false,
  ],
  ["they name it in two terms", [named("n1", "n1", 3), named("n2", "n1"), named("n3", null)], false],
  ["half of them does", [named("n1", "n1"), named("n2", null), silent("n3")], false],
  ["nobody was asked", [], false],
])("Where %s it is %j.", (_what, samples, expected) => {
  expect(led.holds(new Map(samples.map((sample) => [sample.node, sample])), nodes)).toBe(expected);
});
