import type { Link } from "../core/action.ts";
import { HarnessError } from "../core/harness-error.ts";
import { type Random, randomStream } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import { nodeNames } from "../core/target-nodes.ts";

/** The nodes of a run, what they are, and the directed links that there are between them. */
export interface Placement {
  readonly nodes: readonly string[];
  /** The nodes that vote: all of them where the target has no agents. */
  readonly voters: readonly string[];
  /** Agents that are started outside of the swarm, and join when a step says so; the last ones of `nodes`. */
  readonly joiners: readonly string[];
  readonly links: readonly Link[];
}

/** How many nodes there are to be, how many of them join later, and the seed that draws who may dial whom. */
export interface Sizes {
  readonly nodes: number;
  readonly joiners: number;
  readonly seed: string;
}

/** So many voters are among the possible peers of each agent, so that one is left when others are lost. */
const votersKnown = 3;

/** Places the nodes of a run. Pure: drawn from the seed. Throws `HarnessError` (exit 64) where more nodes are to join than there are agents. */
export function placementOf(target: Target, { nodes: count, joiners, seed }: Sizes): Placement {
  const nodes = nodeNames(target, count);
  const voters = nodes.slice(0, target.nodes.voters ?? nodes.length);
  const agents = nodes.slice(voters.length);
  if (joiners > agents.length) {
    throw new HarnessError(
      `${joiners} nodes are to join later, and ${target.name} has ${agents.length} agents of ${count} nodes`,
      {
        code: "wrong-size",
        exit: "usage",
        next: "change --nodes, or `joiners` of the scenario's profile; voters are there from the start",
      },
    );
  }
  const joining = joiners === 0 ? [] : agents.slice(-joiners);
  return {
    nodes,
    voters,
    joiners: joining,
    links: linksOf(target, { voters, agents, random: randomStream(seed, "links") }),
  };
}

interface Roles {
  readonly voters: readonly string[];
  readonly agents: readonly string[];
  readonly random: Random;
}

/** Everybody with everybody; with agents each of them has a drawn book of possible peers, both ways. */
function linksOf({ links }: Target, { voters, agents, random }: Roles): readonly Link[] {
  if (links === null) return [];
  const nodes = [...voters, ...agents];
  const most = links.agents?.peers ?? Infinity;
  if (agents.length === 0 || nodes.length - 1 <= most) return directed(nodes, () => true);
  const book = new Book();
  for (const [index, voter] of voters.entries()) for (const other of voters.slice(index + 1)) book.add(voter, other);
  const ring = random.shuffled(agents);
  for (const [index, agent] of ring.entries()) {
    for (let turn = 0; turn < Math.min(votersKnown, voters.length); turn += 1) {
      book.add(agent, voters[(index + turn) % voters.length] ?? agent);
    }
    // A ring through all agents: whatever is drawn on top, nobody is left alone.
    book.add(agent, ring[(index + 1) % ring.length] ?? agent);
  }
  for (const agent of ring) {
    for (const other of random.shuffled(agents)) {
      if (book.size(agent) >= most) break;
      if (other !== agent && book.size(other) < most) book.add(agent, other);
    }
  }
  return directed(nodes, (from, to) => book.has(from, to));
}

/** Who may dial whom, both ways. */
class Book {
  readonly #peers = new Map<string, Set<string>>();

  add(one: string, other: string): void {
    this.#of(one).add(other);
    this.#of(other).add(one);
  }

  has(one: string, other: string): boolean {
    return this.#of(one).has(other);
  }

  size(node: string): number {
    return this.#of(node).size;
  }

  #of(node: string): Set<string> {
    const known = this.#peers.get(node) ?? new Set();
    this.#peers.set(node, known);
    return known;
  }
}

function directed(nodes: readonly string[], isLinked: (from: string, to: string) => boolean): readonly Link[] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from && isLinked(from, to)).map((to) => ({ from, to })));
}
