import { expect, test } from "vitest";
import { HarnessError } from "../core/harness-error.ts";
import type { Target } from "../core/target.ts";
import { target } from "../core/testing/targets.ts";
import { randomStream } from "../core/random.ts";
import { type Placement, placementOf } from "./placement.ts";

const source = {
  kind: "started",
  prefix: "n",
  minimum: 1,
  maximum: 300,
  start: { program: "p", arguments: [], environment: {} },
} as const;
/** A target of five voters whose agents have at most 20 possible peers, but for what is changed. */
const swarm = (peers: number | null, voters: number | null = 5): Target => ({
  ...target,
  nodes: { ...target.nodes, source, voters },
  links: { port: "p", silentAfterMs: 300, agents: peers === null ? null : { peers, silentAfterMs: 2500 } },
});
const placed = (nodes: number, seed = "42", of = swarm(20)): Placement => placementOf(of, { nodes, joiners: 0, seed });

/** Whom each node may dial. */
function bookOf({ nodes, links }: Placement): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(nodes.map((node) => [node, new Set(links.filter(({ from }) => from === node).map(({ to }) => to))]));
}

const seeds = Array.from({ length: 20 }, (_, index) => `${index}`);

test("The same seed places the same, another seed draws other links; who votes does not depend on it.", () => {
  expect(placed(100)).toEqual(placed(100));
  expect(placed(100, "43").links).not.toEqual(placed(100).links);
  expect(placed(100, "43")).toMatchObject({ voters: ["n1", "n2", "n3", "n4", "n5"], joiners: [] });
});

test.each([30, 100, 200])("Of %i nodes each link is there both ways, and nobody has one to itself.", (count) => {
  const book = bookOf(placed(count));
  for (const [node, peers] of book) {
    expect(peers.has(node)).toBe(false);
    for (const peer of peers) expect(book.get(peer)?.has(node)).toBe(true);
  }
});

test.each([30, 100, 200])(
  "Of %i nodes voters know each other, and each agent 3 voters and at most 20 peers.",
  (count) => {
    for (const seed of seeds.slice(0, 5)) {
      const placement = placed(count, seed);
      const book = bookOf(placement);
      const { voters } = placement;
      for (const [node, peers] of book) {
        const isVoter = voters.includes(node);
        expect(voters.filter((voter) => peers.has(voter))).toHaveLength(isVoter ? 4 : 3);
        expect(peers.size).toBeLessThanOrEqual(isVoter ? count - 1 : 20);
      }
    }
  },
);

test("Almost every agent of a hundred has as many peers as it may: a cut leaves it some.", () => {
  const { nodes, voters, links } = placed(100);
  const book = bookOf({ nodes, voters, joiners: [], links });
  const full = nodes.filter((node) => !voters.includes(node) && book.get(node)?.size === 20);
  expect(full.length).toBeGreaterThan(80);
});

test("Within a random half of a hundred nodes everybody still reaches everybody, for each of 20 seeds.", () => {
  for (const seed of seeds) {
    const placement = placed(100, seed);
    const half = new Set(randomStream(seed, "half").shuffled(placement.nodes).slice(0, 50));
    expect(reached(placement, half)).toEqual(half.size);
  }
});

test.each([
  ["no agents", swarm(20, null), 12],
  ["no more nodes than an agent may know", swarm(20), 21],
  ["no limit of what agents know", swarm(null), 40],
  ["as many nodes as voters", swarm(20), 5],
])("With %s everybody is linked with everybody.", (_title, of, count) => {
  expect(placed(count, "42", of).links).toHaveLength(count * (count - 1));
});

test("Without links there are none.", () => {
  expect(placed(30, "42", { ...swarm(20), links: null }).links).toEqual([]);
});

test("Who joins later are the last agents, who have links like everybody.", () => {
  const placement = placementOf(swarm(20), { nodes: 16, joiners: 2, seed: "42" });
  expect(placement.joiners).toEqual(["n15", "n16"]);
  expect(placementOf(swarm(20), { nodes: 16, joiners: 11, seed: "42" }).joiners[0]).toBe("n6");
  expect(bookOf(placement).get("n16")?.size).toBeGreaterThan(3);
});

test.each([
  ["more than there are agents", swarm(20), 16, 12],
  ["where everybody votes", swarm(20, null), 16, 1],
  ["where there are only voters", swarm(20), 5, 1],
])("%s cannot join: exit 64.", (_title, of, nodes, joiners) => {
  const place = (): Placement => placementOf(of, { nodes, joiners, seed: "42" });
  expect(place).toThrow(HarnessError);
  expect(place).toThrow(/are to join later/);
});

/** How many of a group are reached from its first node over links within it. */
function reached(placement: Placement, group: ReadonlySet<string>): number {
  const book = bookOf(placement);
  const found = new Set([...group].slice(0, 1));
  for (const node of found) for (const peer of book.get(node) ?? []) if (group.has(peer)) found.add(peer);
  return found.size;
}
