import type { Check } from "../core/check.ts";
import type { History, Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { contradiction } from "./contradiction.ts";
import { minimalContradiction } from "./minimal-contradiction.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "linearizable";
/** So many keys, and operations of each, are told one by one. */
const toldKeys = 3;
const toldOperations = 12;

/**
 * Whether each key behaves as one register: there is an order of its operations that explains every answer, in which none comes before
 * another that had ended before it was sent. Decided in O(n log n), which takes values that are written once only.
 */
export const linearizable: Check = {
  name,
  guards: "data",
  summary:
    "Every key behaves as one register: some order of its operations, true to their times, explains every answer.",
  check: ({ history }) => {
    const keys = operationsByKey(history);
    const repeated = keys.map(repeatedValue);
    const [first, ...rest] = keys.filter((key, at) => repeated[at] === null && contradiction(key) !== null);
    if (first !== undefined) {
      const [head, ...tail] = proof(first);
      tail.push(...rest.slice(0, toldKeys - 1).flatMap(proof));
      const more = rest.length + 1 - toldKeys;
      const others: readonly Evidence[] = more > 0 ? [{ text: `${more} more keys contradict themselves` }] : [];
      return { check: name, status: "fail", evidence: [head, ...tail, ...others] };
    }
    const [undecided, ...more] = repeated.filter((reason) => reason !== null);
    if (undecided !== undefined) {
      const count = more.length + 1;
      return unknownVerdict(
        name,
        `${count} keys cannot be decided, because values are not written once only: ${undecided}`,
      );
    }
    if (!keys.some(isReadAndWritten))
      return unknownVerdict(name, "no key has both an acknowledged write and an answered read");
    return { check: name, status: "pass", evidence: [{ text: explained(keys) }] };
  },
};

/** All operations of each key, in the order of their invocation. */
function operationsByKey(history: History): readonly (readonly Operation[])[] {
  const keys = new Map<string, Operation[]>();
  for (const operation of history.operations()) {
    const known = keys.get(operation.key);
    if (known === undefined) keys.set(operation.key, [operation]);
    else known.push(operation);
  }
  return [...keys.values()];
}

/** Two writes of one value, in words, or null if every value tells its write. */
function repeatedValue(operations: readonly Operation[]): string | null {
  const writers = new Map<string, Operation>();
  for (const operation of operations) {
    const { kind, outcome, value } = operation;
    if (kind === "read" || outcome === "fail") continue;
    if (value === null) return `${operationText(operation)} has no value of its own`;
    const other = writers.get(value);
    if (other !== undefined)
      return `operations ${other.op} and ${operation.op} both write "${value}" to ${operation.key}`;
    writers.set(value, operation);
  }
  return null;
}

function proof(operations: readonly Operation[]): [Evidence, ...Evidence[]] {
  const found = minimalContradiction(operations);
  const text = `key ${operations[0]?.key ?? ""} is not one register: ${found.text}`;
  const each = found.operations
    .slice(0, toldOperations)
    .map((operation) => ({ text: operationText(operation), operations: [operation.op] }));
  return [operationEvidence(text, found.operations), ...each];
}

function isReadAndWritten(operations: readonly Operation[]): boolean {
  const answered = operations.filter(({ outcome }) => outcome === "ok");
  return answered.some(({ kind }) => kind === "read") && answered.some(({ kind }) => kind !== "read");
}

function explained(keys: readonly (readonly Operation[])[]): string {
  const counts = { ok: 0, fail: 0, info: 0 };
  for (const operations of keys) for (const { outcome } of operations) counts[outcome] += 1;
  return `for each of ${keys.length} keys an order explains every answer: ${counts.ok} acknowledged operations, ${counts.info} that may or may not have happened, ${counts.fail} that were refused`;
}
