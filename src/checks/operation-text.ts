import type { Operation } from "../core/history.ts";

/** An operation in words that need nothing beside them: what, by whom, where, from when to when, and how it ended. */
export function operationText(operation: Operation): string {
  const { op, client, node, invokedMs, completedMs } = operation;
  const until = completedMs === Infinity ? "never answered" : `ended ${completedMs} ms`;
  return `operation ${op}: ${asked(operation)} by ${client} on ${node}, sent ${invokedMs} ms, ${until}, ${ended(operation)}`;
}

function asked({ kind, key, value, expected }: Operation): string {
  switch (kind) {
    case "read":
      return `read of ${key}`;
    case "write":
      return `write of ${valueText(value)} to ${key}`;
    case "cas":
      return `compare-and-set of ${key} from ${valueText(expected)} to ${valueText(value)}`;
  }
}

function ended({ kind, value, outcome, leader, term, error }: Operation): string {
  if (outcome === "fail") return `refused (${error ?? "no reason given"})`;
  if (outcome === "info") return `may or may not have happened (${error ?? "no reason given"})`;
  const answer = kind === "read" ? `gave ${valueText(value)}` : "acknowledged";
  if (leader === null && term === null) return answer;
  return `${answer}, by leader ${leader ?? "unnamed"} in term ${term ?? "unnamed"}`;
}

function valueText(value: string | null): string {
  return value === null ? "nothing" : `"${value}"`;
}
