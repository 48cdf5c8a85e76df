import { livePeers, type Probe } from "../core/probe.ts";

/** A peer counts as connected if something was heard of it this recently, in ms: agents keep their links alive once a second. */
const freshMs = 2500;
/** So many peers must each node have, or all that there are. */
const leastPeers = 3;

/** Every node has heard of 3 peers lately (or of all there are), and from each node every other is reached over such links. */
export const oneSwarm: Probe = {
  name: "one-swarm",
  summary: `Every node has heard of ${leastPeers} peers (or all) within the last ${freshMs} ms, and all nodes are one swarm.`,
  operation: "peers",
  scope: "members",
  holds: (latest, nodes) => {
    const peersOf = new Map<string, readonly string[]>();
    for (const node of nodes) {
      const live = livePeers(latest.get(node), freshMs);
      if (live === null || live.length < Math.min(leastPeers, nodes.length - 1)) return false;
      peersOf.set(node, live);
    }
    return reachable(nodes[0] ?? "", peersOf).size === nodes.length;
  },
};

/** Who is reached from a node, over links that are heard on in both directions. */
function reachable(start: string, peersOf: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set(peersOf.has(start) ? [start] : []);
  for (const node of found) {
    for (const peer of peersOf.get(node) ?? []) if (peersOf.get(peer)?.includes(node) === true) found.add(peer);
  }
  return found;
}
