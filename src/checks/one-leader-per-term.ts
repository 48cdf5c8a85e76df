import type { Check } from "../core/check.ts";
import type { History } from "../core/history.ts";
import { type Sample, sampleValue } from "../core/probe.ts";
import type { Evidence } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "one-leader-per-term";

/** Whether at most one node led each term, as told from acknowledged operations and from what nodes say of themselves. */
export const oneLeaderPerTerm: Check = {
  name,
  guards: "leadership",
  summary: "No two nodes lead in one term, neither by what they acknowledge nor by what they say of themselves.",
  check: ({ history }) => {
    const { terms, acknowledged, unledTerms } = claims(history);
    const [first, ...rest] = [...terms].filter(([, leaders]) => leaders.size > 1).map(twoLeaders);
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest] };
    if (acknowledged === 0) return unknownVerdict(name, "no operation was acknowledged with its term");
    const [unled] = unledTerms;
    if (unled !== undefined) {
      const what = `operation ${unled.op} was acknowledged in term ${unled.term}`;
      return unknownVerdict(name, `${what}, of which neither an answer nor any node says who led it`);
    }
    const leaders = [...terms].map(([term, led]) => `${[...led.keys()].join()} in term ${term}`);
    const text = `${terms.size} terms had one leader each (${leaders.join(", ")}), by ${acknowledged} acknowledged operations and by what the nodes said of themselves`;
    const nodes = [...new Set([...terms.values()].flatMap((led) => [...led.keys()]))];
    return { check: name, status: "pass", evidence: [{ text, nodes, terms: [...terms.keys()] }] };
  },
};

/** The first thing that shows that a node led. */
interface Claim {
  readonly text: string;
  readonly op: number | null;
  readonly atMs: number;
}

type Claims = Map<number, Map<string, Claim>>;

interface Claimed {
  /** By term, in order, and by node. */
  readonly terms: Claims;
  /** Operations that were acknowledged with their term. */
  readonly acknowledged: number;
  /** Terms in which something was acknowledged and of which nobody says who led them, each with its first operation. */
  readonly unledTerms: readonly { readonly term: number; readonly op: number }[];
}

function claims(history: History): Claimed {
  const found: Claims = new Map();
  const acknowledgedIn = new Map<number, number>();
  let acknowledged = 0;
  const claim = (node: string, term: number, made: Claim): void => {
    const leaders = found.get(term) ?? new Map<string, Claim>();
    found.set(term, leaders);
    const known = leaders.get(node);
    if (known === undefined || made.atMs < known.atMs) leaders.set(node, made);
  };
  for (const { op, kind, node, outcome, leader, term, completedMs: atMs } of history.operations()) {
    if (outcome !== "ok" || term === null) continue;
    acknowledged += 1;
    if (!acknowledgedIn.has(term)) acknowledgedIn.set(term, op);
    // Systems whose answers do not name the leader are judged by what their nodes say of themselves.
    if (leader === null) continue;
    claim(leader, term, { text: `operation ${op} (${kind} on ${node}, ${atMs} ms) was acknowledged by it`, op, atMs });
  }
  for (const sample of history.eventsOf("probe.sampled")) {
    const term = claimedTerm(sample);
    const { node, atMs } = sample;
    if (term !== null) claim(node, term, { text: `it said so of itself (${atMs} ms)`, op: null, atMs });
  }
  const unledTerms = [...acknowledgedIn].flatMap(([term, op]) => (found.has(term) ? [] : { term, op }));
  return { terms: new Map([...found].sort(([left], [right]) => left - right)), acknowledged, unledTerms };
}

/** The term in which a node says that it leads, or null. */
function claimedTerm(sample: Sample): number | null {
  if (sample.probe !== "leader") return null;
  const term = sampleValue(sample, "term");
  const isLeader = sampleValue(sample, "leader") === sample.node || sampleValue(sample, "role") === "leader";
  return isLeader && typeof term === "number" ? term : null;
}

function twoLeaders([term, leaders]: readonly [number, ReadonlyMap<string, Claim>]): Evidence {
  const each = [...leaders].map(([node, { text }]) => `${node}: ${text}`);
  return {
    text: `in term ${term} ${leaders.size} nodes led: ${each.join("; ")}`,
    operations: [...leaders.values()].flatMap(({ op }) => op ?? []),
    nodes: [...leaders.keys()],
    terms: [term],
    atMs: [...leaders.values()].map(({ atMs }) => atMs),
  };
}
