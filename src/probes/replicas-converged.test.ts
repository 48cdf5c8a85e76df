import { expect, test } from "vitest";
import type { Json } from "../core/json.ts";
import type { Sample } from "../core/probe.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { replicasConverged } from "./replicas-converged.ts";

const nodes = ["n1", "n2", "n3"];
const latest = (...values: readonly Json[]): ReadonlyMap<string, Sample> =>
  new Map(values.map((value, index) => [nodes[index] ?? "", answerAt(10, nodes[index] ?? "", ["replica", value])]));
const at = (digest: Json, conflicts: Json = 0): Json => ({ digest, conflicts });

test.each<readonly [string, readonly Json[], boolean]>([
  ["One digest, no open conflict", [at("a"), at("a"), at("a")], true],
  ["Two digests", [at("a"), at("a"), at("b")], false],
  ["One digest, an open conflict", [at("a"), at("a", 1), at("a")], false],
  ["Conflicts that are not told", [at("a"), at("a", null), at("a")], false],
  ["Digests that are no texts", [at(null), at(null), at(null)], false],
  ["A node without an answer", [at("a"), at("a"), null], false],
  ["A node that was not asked", [at("a"), at("a")], false],
  ["Nothing", [], false],
])("%s: %j is converged: %s", (_title, values, holds) => {
  expect(replicasConverged.holds(latest(...values), nodes)).toBe(holds);
});

test("It is told of the members: joiners count once they were told to join.", () => {
  expect(replicasConverged.scope).toBe("members");
});
