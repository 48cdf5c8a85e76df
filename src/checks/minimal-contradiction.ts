import type { Operation } from "../core/history.ts";
import { type Contradiction, contradiction } from "./contradiction.ts";
import { type ValueIndex, valueIndex } from "./value-index.ts";

/** More operations than this are told as they are: each one left out on trial costs a check of all the others. */
const shrinkLimit = 60;

/**
 * The contradiction of a key with as few of its operations as show it: what it names, the writes that these rest on, and no more. `operations`
 * are all of them, in order: alone they contradict each other too. Throws if there is no contradiction.
 */
export function minimalContradiction(operations: readonly Operation[]): Contradiction {
  const found = contradiction(operations);
  if (found === null) throw new RangeError("there is no contradiction in these operations");
  const least = shrunk(grounded(found.operations, valueIndex(operations)));
  const text = contradiction(least)?.text ?? found.text;
  return { text, operations: least };
}

/** These operations, with the writes of what they saw, and, for each in doubt, one that shows that it happened. */
function grounded(operations: readonly Operation[], index: ValueIndex): readonly Operation[] {
  const all = new Set(operations);
  for (const operation of all) {
    const { kind, outcome, value } = operation;
    if (outcome === "fail") continue;
    const seen = seenBy(operation);
    const writer = seen === null ? undefined : index.writers.get(seen);
    if (writer !== undefined) all.add(writer);
    const witness = index.readsOf.get(value)?.[0] ?? index.replacedBy.get(value)?.[0];
    if (kind !== "read" && outcome === "info" && witness !== undefined) all.add(witness);
  }
  return [...all].sort((left, right) => left.op - right.op);
}

/** Leaves out what the contradiction does without: reads, and writes whose value none of the others saw. */
function shrunk(operations: readonly Operation[]): readonly Operation[] {
  if (operations.length > shrinkLimit) return operations;
  const without = operations.find((operation) => {
    if (operation.outcome === "fail") return false;
    const rest = operations.filter((other) => other !== operation);
    const isSeen = operation.kind !== "read" && rest.some((other) => seenBy(other) === operation.value);
    return !isSeen && contradiction(rest) !== null;
  });
  return without === undefined ? operations : shrunk(operations.filter((other) => other !== without));
}

/** The value that an operation found: a read gave it, a cas replaced it. Null for a write, and for the absent key. */
function seenBy({ kind, value, expected }: Operation): string | null {
  if (kind === "write") return null;
  return kind === "read" ? value : expected;
}
