import type { Check, Evidenced } from "../core/check.ts";
import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { type MemorySeen, memorySeen, taskedNodes } from "./pressed-nodes.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "critical-answered";
/** Nothing critical may go unanswered at a node for longer than this, in ms (spec/1-mission: an error is answered within 5 s); nor may nobody ask. */
const longestMs = 5000;
/** Fewer operations at a node put nothing to the test. */
const leastOperations = 3;
/** So many are told one by one. */
const told = 5;

/**
 * Whether operations by consensus, which are critical, were answered throughout at the nodes that were driven to their limit: none put off for lack of
 * resources, and at none of these nodes was one asked and none answered for longer than 5 s. Answered are reads and writes that were acknowledged, and any
 * compare-and-set that was told how it ended: that its comparison fails is an ordinary answer.
 */
export const criticalAnswered: Check = {
  name,
  summary: `Nodes that are driven to their memory limit put no consensus operation off, and leave none unanswered for ${longestMs / 1000} s.`,
  samples: ["metrics"],
  check: (evidence) => {
    const tasked = new Set(taskedNodes(evidence));
    const pressed = memorySeen(evidence).filter(({ node }) => tasked.has(node));
    if (pressed.length === 0) return unknownVerdict(name, "no node was driven to a limit of its memory");
    const byNode = pressed.map((seen) => ({ seen, operations: operationsAt(seen, evidence) }));
    const putOff = byNode.flatMap(({ operations }) => operations.filter(({ says }) => says === "throttled"));
    const [first, ...rest] = [...putOff.slice(0, told).map(refusedText), ...byNode.flatMap(silenceAt)];
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest.slice(0, told - 1)] };
    const few = byNode.filter(({ operations }) => operations.length < leastOperations).map(({ seen }) => seen.node);
    if (few.length > 0) {
      return unknownVerdict(name, `fewer than ${leastOperations} operations were sent to ${few.join(", ")} meanwhile`);
    }
    const unasked = byNode.filter((node) => longestUnaskedMs(node) > longestMs).map(({ seen }) => seen.node);
    if (unasked.length > 0) {
      return unknownVerdict(name, `nobody asked ${unasked.join(", ")} anything for longer than ${longestMs / 1000} s`);
    }
    const all = byNode.flatMap(({ operations }) => operations);
    const ok = all.filter(({ outcome }) => outcome === "ok").length;
    const text = `${ok} of ${all.length} operations that were sent to ${pressed.length} nodes at their limit were acknowledged, none was put off`;
    return { check: name, status: "pass", evidence: [{ text, nodes: pressed.map(({ node }) => node) }] };
  },
};

function operationsAt({ node, fault }: MemorySeen, { history }: Evidenced): readonly Operation[] {
  return [...history.operations()]
    .filter(({ node: at, invokedMs }) => at === node && invokedMs >= fault.fromMs && invokedMs <= fault.toMs)
    .sort((left, right) => left.invokedMs - right.invokedMs);
}

function refusedText(operation: Operation): Evidence {
  return operationEvidence(`${operationText(operation)} was put off for lack of resources`, [operation]);
}

interface Asked {
  readonly seen: MemorySeen;
  /** In the order in which they were sent. */
  readonly operations: readonly Operation[];
}

/** When a node was first asked something that it, like all after it, left unanswered for too long. */
function silenceAt({ seen: { node, fault }, operations }: Asked): readonly Evidence[] {
  const answers = operations.filter(isAnswered).map(({ completedMs }) => completedMs);
  let answeredMs = fault.fromMs;
  for (const nextMs of [...answers.sort((left, right) => left - right), fault.toMs]) {
    const askedMs = operations.find(({ invokedMs }) => invokedMs >= answeredMs)?.invokedMs ?? nextMs;
    if (nextMs - askedMs > longestMs) {
      const text = `${node} was asked from ${askedMs} ms on and answered nothing until ${nextMs} ms`;
      return [{ text, nodes: [node], atMs: [askedMs, nextMs] }];
    }
    answeredMs = nextMs;
  }
  return [];
}

function isAnswered({ kind, outcome, says }: Operation): boolean {
  return outcome === "ok" || (kind === "cas" && outcome === "fail" && says === null);
}

function longestUnaskedMs({ seen: { fault }, operations }: Asked): number {
  const times = [fault.fromMs, ...operations.map(({ invokedMs }) => invokedMs), fault.toMs];
  return Math.max(...times.map((ms, place) => ms - (times[place - 1] ?? ms)));
}
