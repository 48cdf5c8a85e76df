import { expect, test } from "vitest";
import { resolveSelection } from "../core/selection.ts";
import { parseSelection } from "./selection.ts";

const labels = ["lost", "ally"];
/** Five nodes, tried in this order; n3 leads, n1 is lost, n2 its ally. */
const context = {
  order: ["n5", "n3", "n1", "n4", "n2"],
  all: 5,
  voters: ["n1", "n2", "n3", "n4", "n5"],
  leader: "n3",
  cast: { lost: ["n1"], ally: ["n2"] },
  taken: ["n1"],
};

test.each<readonly [string, readonly string[]]>([
  ["everyone", ["n5", "n3", "n1", "n4", "n2"]],
  ["all but lost", ["n5", "n3", "n4", "n2"]],
  ["all but lost and ally", ["n5", "n3", "n4"]],
  ["everyone but leader, lost", ["n5", "n4", "n2"]],
  ["leader", ["n3"]],
  ["follower", ["n5"]],
  ["followers", ["n5", "n1", "n4", "n2"]],
  ["2 followers", ["n5", "n1"]],
  ["2 of followers but node n5", ["n1", "n4"]],
  ["3", ["n5", "n3", "n1"]],
  ["3 nodes", ["n5", "n3", "n1"]],
  ["50%", ["n5", "n3"]],
  ["half", ["n5", "n3"]],
  ["1%", ["n5"]],
  ["50% of followers", ["n5", "n1"]],
  ["majority", ["n5", "n3", "n1"]],
  ["minority", ["n5", "n3"]],
  ["minority with lost", ["n1", "n5"]],
  ["majority with lost and ally but leader", ["n1", "n2", "n5"]],
  ["rest", ["n5", "n3", "n4", "n2"]],
  ["2 of rest", ["n5", "n3"]],
  ["lost", ["n1"]],
  ["lost and ally", ["n1", "n2"]],
  ["node n4", ["n4"]],
])("%s means %j.", (text, nodes) => {
  const selection = parseSelection(text, labels);
  const found = "problem" in selection ? selection : resolveSelection(selection, context);
  expect(found).toEqual({ nodes });
});

test.each<readonly [string, RegExp]>([
  ["", /"" is not in the cast/],
  ["loost", /"loost" is not in the cast \(did you mean lost\?\)/],
  ["0 followers", /"0" is no number of nodes/],
  ["1.5", /"1\.5" is no number of nodes/],
  ["0%", /a share from 1% to 100%/],
  ["101%", /a share from 1% to 100%/],
  ["2 folowers", /says nobody \(at "folowers"\)/],
  ["leader lost", /says nobody \(at "lost"\)/],
  ["all but", /"" is not in the cast/],
  ["minority with mayority", /"mayority" is not in the cast/],
  ["node", /"node" is not in the cast/],
  ["n4", /"n4" is not in the cast/],
])("%j is told as a problem.", (text, problem) => {
  expect(parseSelection(text, labels)).toMatchObject({ problem: expect.stringMatching(problem) });
});

test.each<readonly [string, object, RegExp]>([
  ["leader", { leader: null }, /nobody leads/],
  ["followers", { leader: null }, /nobody leads, so nobody follows/],
  ["6", {}, /asks for 6 nodes, and there are 5/],
  ["5 followers", {}, /asks for 5 nodes, and there are 4/],
  ["node n9", {}, /there is no node "n9"/],
  ["all but everyone", {}, /./],
  ["lost", { cast: {} }, /nobody plays "lost"/],
  ["rest", { taken: ["n1", "n2", "n3", "n4", "n5"] }, /asks for 1 nodes, and there are 0/],
])("%s in %j means nobody, with the reason.", (text, changed, problem) => {
  const selection = parseSelection(text, labels);
  const found = "problem" in selection ? selection : resolveSelection(selection, { ...context, ...changed });
  expect(found).toMatchObject({ problem: expect.stringMatching(problem) });
});
