import type { Operation } from "../core/history.ts";
import { overlap } from "./overlap.ts";
import { type ValueBlock, valueBlock } from "./value-block.ts";
import { type ValueIndex, valueIndex } from "./value-index.ts";

/** Operations of one key that no order explains, and why. */
export interface Contradiction {
  readonly text: string;
  /** Those that the sentence speaks of. */
  readonly operations: readonly Operation[];
}

/**
 * Why one key is not one register (absent at first, read, written, compared and set), or null if it is: some order of its operations
 * explains every answer, with no operation before another that ended before it was sent; equal times are concurrent. Every value must be
 * written once only. Refused operations did not happen; those in doubt may come at any time after they were sent, or never. O(n log n).
 */
export function contradiction(operations: readonly Operation[]): Contradiction | null {
  const index = valueIndex(operations);
  return neverWritten(index) ?? forked(index) ?? disordered(index);
}

function neverWritten({ reads, happened, writers, refused }: ValueIndex): Contradiction | null {
  const lacks = (value: string | null): value is string => value !== null && !writers.has(value);
  const why = (value: string): readonly [string, readonly Operation[]] => {
    const denied = refused.get(value);
    if (denied === undefined) return [`nobody wrote "${value}"`, []];
    return [`operation ${denied.op}, the only one to write "${value}", was refused`, [denied]];
  };
  for (const read of reads) {
    if (!lacks(read.value)) continue;
    const [reason, denied] = why(read.value);
    return { text: `operation ${read.op} read "${read.value}", but ${reason}`, operations: [...denied, read] };
  }
  for (const change of happened) {
    if (change.kind !== "cas" || !lacks(change.expected)) continue;
    const [reason, denied] = why(change.expected);
    const text = `operation ${change.op} found "${change.expected}" to replace, but ${reason}`;
    return { text, operations: [...denied, change] };
  }
  return null;
}

function forked({ replacedBy }: ValueIndex): Contradiction | null {
  for (const [value, [first, second]] of replacedBy) {
    if (first === undefined || second === undefined) continue;
    const both = `operations ${first.op} and ${second.op} both found ${valueText(value)} and replaced it`;
    return { text: `${both}, though it was there only once`, operations: [first, second] };
  }
  return null;
}

function disordered(index: ValueIndex): Contradiction | null {
  const roots = [null, ...index.happened.filter(({ kind }) => kind === "write")];
  const blocks = roots.map((root) => valueBlock(root, index));
  for (const { disorder } of blocks) if (disorder !== null) return outOfOrder(disorder.before, disorder.after);
  const reached = blocks.reduce((sum, { stages }) => sum + stages, 0);
  if (reached < index.happened.length) return circular(index, roots);
  const found = overlap(blocks);
  return found === null ? null : overlapping(...found);
}

function outOfOrder(before: Operation, after: Operation): Contradiction {
  const text = `by their values operation ${before.op} comes before operation ${after.op}, which had ended (${after.completedMs} ms) before operation ${before.op} was sent (${before.invokedMs} ms)`;
  return { text, operations: [before, after] };
}

/** Compare-and-sets that no write leads to: each found what another of them wrote. */
function circular({ happened, writers, replacedBy }: ValueIndex, roots: readonly (Operation | null)[]): Contradiction {
  const reached = new Set<Operation>();
  for (const root of roots) {
    let writer = root ?? replacedBy.get(null)?.[0];
    while (writer !== undefined) {
      reached.add(writer);
      writer = replacedBy.get(writer.value)?.[0];
    }
  }
  const circle = new Set<Operation>();
  let next = happened.find((operation) => !reached.has(operation));
  while (next !== undefined && !circle.has(next)) {
    circle.add(next);
    next = next.expected === null ? undefined : writers.get(next.expected);
  }
  const numbers = [...circle].map(({ op }) => op).join(", ");
  const text = `operations ${numbers} go round in a circle: each found what another of them wrote, and no write began it`;
  return { text, operations: [...circle] };
}

function overlapping(around: ValueBlock, other: ValueBlock): Contradiction {
  const operations = [around.firstEnd, around.lastSent, other.firstEnd, other.lastSent].flatMap((one) => one ?? []);
  const isMoment = other.lastSentMs <= other.firstEndMs;
  const there = isMoment
    ? `${valueName(other)} was there at some moment from ${other.lastSentMs} to ${other.firstEndMs} ms (${ends(other)})`
    : lasted(other);
  const text = `${lasted(around)}; but meanwhile ${there}, and a value that was replaced does not come back`;
  return { text, operations: [...new Set(operations)] };
}

function lasted(block: ValueBlock): string {
  const { root, firstEnd, firstEndMs, lastSent, lastSentMs } = block;
  const from =
    root === null ? "from the start" : `from ${firstEndMs} ms at the latest (operation ${firstEnd?.op} had ended)`;
  const until = `until ${lastSentMs} ms at the earliest (operation ${lastSent?.op} was only sent then)`;
  return `${valueName(block)} was there ${from} ${until}`;
}

function ends({ firstEnd, lastSent }: ValueBlock): string {
  const numbers = [...new Set([lastSent?.op, firstEnd?.op])];
  return numbers.length === 1 ? `operation ${numbers.join()}` : `operations ${numbers.join(" and ")}`;
}

function valueName({ root, stages }: ValueBlock): string {
  const isChanged = stages > (root === null ? 0 : 1);
  return `${valueText(root?.value ?? null)}${isChanged ? " (or what compare-and-sets made of it)" : ""}`;
}

function valueText(value: string | null): string {
  return value === null ? "nothing" : `"${value}"`;
}
