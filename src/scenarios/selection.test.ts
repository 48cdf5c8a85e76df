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

/** Five voters, of whom n2 leads, and five agents, in the order in which they are tried; n1 is a, n6 and n3 are b. */
const swarm = {
  order: ["n7", "n1", "n6", "n4", "n2", "n9", "n3", "n8", "n5", "n10"],
  all: 10,
  voters: ["n1", "n2", "n3", "n4", "n5"],
  leader: "n2",
  cast: { a: ["n1"], b: ["n6", "n3"] },
  taken: [],
};

test.each<readonly [string, readonly string[]]>([
  ["voters", ["n1", "n4", "n2", "n3", "n5"]],
  ["voter", ["n1"]],
  ["2 voters", ["n1", "n4"]],
  ["agents", ["n7", "n6", "n9", "n8", "n10"]],
  ["agent", ["n7"]],
  ["2 agents", ["n7", "n6"]],
  ["50% of agents", ["n7", "n6"]],
  ["voters but a", ["n4", "n2", "n3", "n5"]],
  // Followers are voters: an agent follows nobody in the consensus.
  ["followers", ["n1", "n4", "n3", "n5"]],
  ["minority of voters", ["n1", "n4"]],
  ["minority of voters with leader", ["n2", "n1"]],
  ["majority of voters", ["n1", "n4", "n2"]],
  ["minority", ["n7", "n1", "n6", "n4"]],
  // A share is of all nodes also where some may not be among it; what is all of them leaves those out.
  ["half of nodes with a but b", ["n1", "n7", "n4", "n2", "n9"]],
  ["50% but b", ["n7", "n1", "n4", "n2", "n9"]],
  ["all but b", ["n7", "n1", "n4", "n2", "n9", "n8", "n5", "n10"]],
  ["half of voters but a", ["n4", "n2"]],
])("Of five voters and five agents, %s means %j.", (text, nodes) => {
  const selection = parseSelection(text, ["a", "b"]);
  const found = "problem" in selection ? selection : resolveSelection(selection, swarm);
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
  ["agents", {}, /"agents" asks for 1 nodes, and there are 0/],
  ["2 agents", { voters: ["n1", "n2", "n3", "n4"] }, /asks for 2 nodes, and there is 1/],
  ["minority of voters", { voters: ["n1"] }, /asks for 1 nodes, and there are 0/],
  ["80% but lost and ally", {}, /asks for 4 nodes, and there are 3/],
])("%s in %j means nobody, with the reason.", (text, changed, problem) => {
  const selection = parseSelection(text, labels);
  const found = "problem" in selection ? selection : resolveSelection(selection, { ...context, ...changed });
  expect(found).toMatchObject({ problem: expect.stringMatching(problem) });
});
