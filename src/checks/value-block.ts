import type { Operation } from "../core/history.ts";
import type { ValueIndex } from "./value-index.ts";

/**
 * A written value, what compare-and-sets made of it one after another, and all reads of these: as each value is written once, nothing can
 * come between them in any order. `root` null: the key as it was before the first write.
 */
export interface ValueBlock {
  readonly root: Operation | null;
  /** How many values it goes through. */
  readonly stages: number;
  /** When the first of its operations had ended, in ms (-Infinity before the first write), and which that is. */
  readonly firstEndMs: number;
  readonly firstEnd: Operation | null;
  /** When the last of its operations was sent, in ms, and which that is. */
  readonly lastSentMs: number;
  readonly lastSent: Operation | null;
  /** Two of its operations whose times contradict their order by value, or null. */
  readonly disorder: { readonly before: Operation; readonly after: Operation } | null;
}

/** The block that begins with a write, or with the absent key (null). Values must be replaced at most once each. */
export function valueBlock(root: Operation | null, index: ValueIndex): ValueBlock {
  let stages = 0;
  let firstEnd: Operation | null = null;
  let lastSent: Operation | null = null;
  let disorder: ValueBlock["disorder"] = null;
  for (const group of groupsFrom(root, index)) {
    const before: Operation | null = lastSent;
    if (group.isNewValue) stages += 1;
    for (const operation of group.operations) {
      if (before !== null && endMs(operation) < before.invokedMs) disorder ??= { before, after: operation };
      if (firstEnd === null || endMs(operation) < endMs(firstEnd)) firstEnd = operation;
      if (lastSent === null || operation.invokedMs > lastSent.invokedMs) lastSent = operation;
    }
  }
  const firstEndMs = root === null ? -Infinity : firstEnd === null ? Infinity : endMs(firstEnd);
  return { root, stages, firstEndMs, firstEnd, lastSentMs: lastSent?.invokedMs ?? -Infinity, lastSent, disorder };
}

/** When an operation had happened at the latest, in ms: Infinity for one in doubt. */
function endMs({ outcome, completedMs }: Operation): number {
  return outcome === "ok" ? completedMs : Infinity;
}

interface Group {
  readonly isNewValue: boolean;
  readonly operations: readonly Operation[];
}

/** In the order of their values: the write, the reads of what it wrote, the cas that replaced it, the reads of that, and so on. */
function* groupsFrom(root: Operation | null, { readsOf, replacedBy }: ValueIndex): Iterable<Group> {
  let writer = root;
  do {
    if (writer !== null) yield { isNewValue: true, operations: [writer] };
    const value: string | null = writer?.value ?? null;
    yield { isNewValue: false, operations: readsOf.get(value) ?? [] };
    writer = replacedBy.get(value)?.[0] ?? null;
  } while (writer !== null);
}
