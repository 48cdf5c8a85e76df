import { expect, test } from "vitest";
import { JoinWatch } from "./joining.ts";
import type { Sample } from "./probe.ts";
import { answerAt, peersAt } from "./testing/swarm-of.ts";

/** n6 was told to join five others at 100 ms. */
const members = ["n1", "n2", "n3", "n4", "n5", "n6"];
const lists = (atMs: number, node: string, listed: readonly string[] = members): Sample =>
  answerAt(atMs, node, ["members", { members: listed }]);
const majority = ["n1", "n2", "n3", "n4"].map((node) => lists(200, node));
const others = members.slice(0, 5);

test.each<readonly [string, readonly Sample[], boolean]>([
  ["3 peers, and 4 of 6 members list it", [peersAt(200, "n6", others.slice(0, 3)), ...majority], true],
  ["2 peers", [peersAt(200, "n6", others.slice(0, 2)), ...majority], false],
  ["half of the members", [peersAt(200, "n6", others), ...majority.slice(1)], false],
  ["its own word, which is one of the six", [peersAt(200, "n6", others), ...majority.slice(1), lists(200, "n6")], true],
  ["peers alone", [peersAt(200, "n6", others)], false],
  ["members alone", majority, false],
  ["nothing", [], false],
  [
    "a member that does not list it any more",
    [peersAt(200, "n6", others), ...majority, lists(300, "n1", others)],
    false,
  ],
  ["peers that it lost again", [peersAt(200, "n6", others), ...majority, peersAt(300, "n6", [])], false],
  [
    "peers of whom it heard nothing lately",
    [answerAt(200, "n6", ["peers", { peers: others, heardMs: others.map(() => 2501) }]), ...majority],
    false,
  ],
  [
    "members that were asked for before it was told to join",
    [peersAt(200, "n6", others), ...others.map((node) => lists(101, node))],
    false,
  ],
  ["peers of another node", [peersAt(200, "n1", others), ...majority], false],
  ["the word of a node that is no member", [peersAt(200, "n6", others), ...majority.slice(1), lists(200, "n9")], false],
  [
    "members that are no list",
    [peersAt(200, "n6", others), ...majority.slice(1), answerAt(200, "n1", ["members", { members: 6 }])],
    false,
  ],
])("Whether it is connected, told by %s.", (_title, samples, isConnected) => {
  const watch = new JoinWatch({ node: "n6", askedMs: 100, members });
  for (const sample of samples) watch.feed(sample);
  expect(watch.isConnected).toBe(isConnected);
});

test("Where there are only two others, two peers are all that there are.", () => {
  const watch = new JoinWatch({ node: "n3", askedMs: 0, members: ["n1", "n2", "n3"] });
  watch.feed(peersAt(10, "n3", ["n1", "n2"]));
  watch.feed(lists(10, "n1", ["n3"]));
  expect(watch.isConnected).toBe(false);
  watch.feed(lists(10, "n2", ["n3"]));
  expect(watch.isConnected).toBe(true);
  expect(watch.standing).toBe("2 peers, listed by 2 of 3 members");
});

test("It says which samples tell something of the join.", () => {
  const watch = new JoinWatch({ node: "n6", askedMs: 100, members });
  expect(watch.feed(peersAt(200, "n6", []))).toBe(true);
  expect(watch.feed(lists(200, "n1", []))).toBe(true);
  expect(watch.feed(peersAt(200, "n1", []))).toBe(false);
  expect(watch.feed(peersAt(101, "n6", []))).toBe(false);
  expect(watch.feed(answerAt(200, "n1", ["health", {}]))).toBe(false);
});
