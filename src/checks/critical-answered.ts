import type { Check, Evidenced } from "../core/check.ts";
import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { type MemorySeen, memorySeen, taskedNodes } from "./pressed-nodes.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "critical-answered";
/** Nothing critical may go unanswered at a node for longer than this, in ms (spec/1-mission: an error is answered within 5 s). */
const longestMs = 5000;
/** Fewer operations at a node put nothing to the test. */
const leastOperations = 3;
/** So many are told one by one. */
const told = 5;

/**
 * Whether reads and writes by consensus, which are critical, were answered throughout at the nodes that were driven to their limit: none put off
 * for lack of resources, and none of these nodes without an acknowledged one for longer than 5 s.
 */
export const criticalAnswered: Check = {
  name,
  summary: `Nodes that are driven to their memory limit put no consensus operation off, and acknowledge one at least each ${longestMs / 1000} s.`,
  samples: ["metrics"],
  check: (evidence) => {
    const tasked = new Set(taskedNodes(evidence));
    const pressed = memorySeen(evidence).filter(({ node }) => tasked.has(node));
    if (pressed.length === 0) return unknownVerdict(name, "no node was driven to a limit of its memory");
    const byNode = pressed.map((seen) => ({ seen, operations: operationsAt(seen, evidence) }));
    const putOff = byNode.flatMap(({ operations }) => operations.filter(({ says }) => says === "throttled"));
    const [first, ...rest] = [...putOff.slice(0, told).map(refusedText), ...byNode.flatMap(gapOf)];
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest.slice(0, told - 1)] };
    const few = byNode.filter(({ operations }) => operations.length < leastOperations).map(({ seen }) => seen.node);
    if (few.length > 0) {
      return unknownVerdict(name, `fewer than ${leastOperations} operations were sent to ${few.join(", ")} meanwhile`);
    }
    const all = byNode.flatMap(({ operations }) => operations);
    const ok = all.filter(({ outcome }) => outcome === "ok").length;
    const text = `${ok} of ${all.length} operations that were sent to ${pressed.length} nodes at their limit were acknowledged, none was put off`;
    return { check: name, status: "pass", evidence: [{ text, nodes: pressed.map(({ node }) => node) }] };
  },
};

function operationsAt({ node, fault }: MemorySeen, { history }: Evidenced): readonly Operation[] {
  return [...history.operations()].filter(
    (operation) =>
      operation.node === node && operation.invokedMs >= fault.fromMs && operation.completedMs <= fault.toMs,
  );
}

function refusedText(operation: Operation): Evidence {
  return operationEvidence(`${operationText(operation)} was put off for lack of resources`, [operation]);
}

/** The longest time without an acknowledged operation at a node, if it is too long. */
function gapOf({
  seen,
  operations,
}: {
  readonly seen: MemorySeen;
  readonly operations: readonly Operation[];
}): readonly Evidence[] {
  const { fromMs, toMs } = seen.fault;
  if (operations.length < leastOperations) return [];
  const answers = operations.filter(({ outcome }) => outcome === "ok").map(({ completedMs }) => completedMs);
  const times = [fromMs, ...answers.sort((left, right) => left - right), toMs];
  for (const [at, ms] of times.entries()) {
    const before = times[at - 1] ?? ms;
    if (ms - before <= longestMs) continue;
    return [
      {
        text: `${seen.node} acknowledged nothing from ${before} ms to ${ms} ms`,
        nodes: [seen.node],
        atMs: [before, ms],
      },
    ];
  }
  return [];
}
