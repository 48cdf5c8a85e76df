import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";

/** A sentence with the operations that it speaks of, and their nodes, terms and times. */
export function operationEvidence(text: string, operations: readonly Operation[]): Evidence {
  const times = operations.flatMap(({ invokedMs, completedMs }) => [invokedMs, completedMs]);
  return {
    text,
    operations: operations.map(({ op }) => op),
    nodes: [...new Set(operations.map(({ node }) => node))],
    terms: [...new Set(operations.flatMap(({ term }) => term ?? []))],
    atMs: times.filter((ms) => Number.isFinite(ms)).sort((left, right) => left - right),
  };
}
