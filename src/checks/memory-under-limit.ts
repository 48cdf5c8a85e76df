import { formatBytes } from "../core/byte-size.ts";
import type { Check, Evidenced } from "../core/check.ts";
import type { Evidence } from "../core/verdict.ts";
import { type MemorySeen, memorySeen, taskedNodes } from "./pressed-nodes.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "memory-under-limit";
/** A node that was given tasks was driven to its limit if it used at least this share of it. */
const drivenShare = 0.6;
/** So many nodes are told one by one. */
const toldNodes = 5;

/**
 * Whether no node used more memory than it was limited to, and none ended by itself, while the limit was in force (spec/3-scenarios:
 * resource-exhaustion). Unknown where a node was not looked at, or one that was given tasks was not driven to its limit.
 */
export const memoryUnderLimit: Check = {
  name,
  summary:
    "No node uses more memory than it is limited to, and none ends by itself, though nodes are driven to the limit.",
  samples: ["metrics"],
  check: (evidence) => {
    const seen = memorySeen(evidence);
    if (seen.length === 0) return unknownVerdict(name, "no limit of memory took hold");
    const [first, ...rest] = [...ended(evidence, seen), ...seen.flatMap(overLimit)];
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest.slice(0, toldNodes - 1)] };
    const unseen = seen.filter(({ samples }) => samples === 0).map(({ node }) => node);
    if (unseen.length > 0) return unknownVerdict(name, `nobody saw how much memory these use: ${unseen.join(", ")}`);
    const tasked = new Set(taskedNodes(evidence));
    const pressed = seen.filter(({ node }) => tasked.has(node));
    const idle = pressed.filter(({ mostBytes, limitBytes }) => mostBytes < drivenShare * limitBytes);
    if (pressed.length === 0 || idle.length > 0) {
      const who = pressed.length === 0 ? "nobody was given tasks" : idle.map(standing).join("; ");
      return unknownVerdict(name, `nodes were not driven to the limit: ${who}`);
    }
    const samples = seen.reduce((sum, one) => sum + one.samples, 0);
    const text = `${seen.length} nodes stayed under their limit (${samples} samples), ${pressed.length} of them driven to it: ${pressed.slice(0, toldNodes).map(standing).join("; ")}`;
    return { check: name, status: "pass", evidence: [{ text, nodes: pressed.map(({ node }) => node) }] };
  },
};

function overLimit(seen: MemorySeen): readonly Evidence[] {
  if (seen.mostBytes <= seen.limitBytes) return [];
  return [{ text: `${standing(seen)}: over its limit`, nodes: [seen.node], atMs: [seen.atMs] }];
}

function ended({ history }: Evidenced, seen: readonly MemorySeen[]): readonly Evidence[] {
  const limited = new Map(seen.map((one) => [one.node, one]));
  return [...history.eventsOf("node.ended")].flatMap(({ node, how, atMs }) => {
    const fault = limited.get(node)?.fault;
    if (fault === undefined || atMs < fault.span.startedMs || atMs > (fault.span.healedMs ?? Infinity)) return [];
    return [
      {
        text: `${node} ended by itself (${how}) at ${atMs} ms, while its memory was limited`,
        nodes: [node],
        atMs: [atMs],
      },
    ];
  });
}

function standing({ node, mostBytes, limitBytes, atMs }: MemorySeen): string {
  return `${node} used ${formatBytes(mostBytes)} of ${formatBytes(limitBytes)} at ${atMs} ms`;
}
