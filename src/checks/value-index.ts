import type { Operation } from "../core/history.ts";

/** The operations of one key that count, by the values that they wrote and saw. Null is the value of a key that was never written. */
export interface ValueIndex {
  /** Writes and cas that happened: acknowledged, or in doubt and their value was seen. */
  readonly happened: readonly Operation[];
  /** Who may have written each value: acknowledged or in doubt. */
  readonly writers: ReadonlyMap<string, Operation>;
  readonly refused: ReadonlyMap<string, Operation>;
  readonly reads: readonly Operation[];
  readonly readsOf: ReadonlyMap<string | null, readonly Operation[]>;
  /** The cas that happened and replaced each value: more than one is a contradiction. */
  readonly replacedBy: ReadonlyMap<string | null, readonly Operation[]>;
}

/** Sorts out the operations of one key whose values are written once only. What is in doubt and was never seen is left out, as it explains nothing. */
export function valueIndex(operations: readonly Operation[]): ValueIndex {
  const writers = new Map<string, Operation>();
  const refused = new Map<string, Operation>();
  const reads: Operation[] = [];
  for (const operation of operations) {
    const { kind, outcome, value } = operation;
    if (kind === "read") {
      if (outcome === "ok") reads.push(operation);
    } else if (value !== null) {
      (outcome === "fail" ? refused : writers).set(value, operation);
    }
  }
  const happened = happenedOf(writers, reads);
  const changes = happened.filter(({ kind }) => kind === "cas");
  return {
    happened,
    writers,
    refused,
    reads,
    readsOf: grouped(reads, ({ value }) => value),
    replacedBy: grouped(changes, ({ expected }) => expected),
  };
}

/** A write in doubt happened if its value was read, or replaced by a cas that happened itself. */
function happenedOf(writers: ReadonlyMap<string, Operation>, reads: readonly Operation[]): readonly Operation[] {
  const happened = new Set<Operation>();
  const seen: (string | null)[] = reads.map(({ value }) => value);
  for (const operation of writers.values()) {
    if (operation.outcome !== "ok") continue;
    happened.add(operation);
    if (operation.kind === "cas") seen.push(operation.expected);
  }
  for (let value = seen.pop(); value !== undefined; value = seen.pop()) {
    const writer = value === null ? undefined : writers.get(value);
    if (writer === undefined || happened.has(writer)) continue;
    happened.add(writer);
    if (writer.kind === "cas") seen.push(writer.expected);
  }
  return [...happened];
}

function grouped(
  operations: readonly Operation[],
  valueOf: (operation: Operation) => string | null,
): ReadonlyMap<string | null, readonly Operation[]> {
  const groups = new Map<string | null, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(valueOf(operation));
    if (group === undefined) groups.set(valueOf(operation), [operation]);
    else group.push(operation);
  }
  return groups;
}
