import { expect, test } from "vitest";
import { nodesOf, type Scope } from "./membership.ts";

const membership = { nodes: ["n1", "n2", "n3", "n4"], voters: ["n1", "n2"], joiners: ["n3", "n4"] };

test.each<readonly [Scope, readonly string[], readonly string[]]>([
  ["everyone", [], ["n1", "n2", "n3", "n4"]],
  ["voters", [], ["n1", "n2"]],
  ["voters", ["n3"], ["n1", "n2"]],
  ["members", [], ["n1", "n2"]],
  ["members", ["n3"], ["n1", "n2", "n3"]],
  ["members", ["n4", "n3"], ["n1", "n2", "n3", "n4"]],
  ["members", ["n9"], ["n1", "n2"]],
])("%s, when %j were told to join, are %j.", (scope, joined, nodes) => {
  expect(nodesOf(scope, membership, new Set(joined))).toEqual(nodes);
});

test("Without nodes there is nobody in any scope.", () => {
  for (const scope of ["everyone", "voters", "members"] as const) {
    expect(nodesOf(scope, { nodes: [], voters: [], joiners: [] }, new Set())).toEqual([]);
  }
});
