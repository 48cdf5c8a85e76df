import type { ValueBlock } from "./value-block.ts";

/**
 * Two blocks each of which must come before the other, or null if some order of all blocks is true to their times (Gibbons and Korach,
 * 1997, "Testing shared memories"; O(n log n)). A block must come before another if one of its operations ended before one of the other's
 * was sent. Forward blocks (ended before sent) last for a time, and no two may overlap; a backward one needs a moment outside of them.
 */
export function overlap(blocks: readonly ValueBlock[]): readonly [ValueBlock, ValueBlock] | null {
  const forward = blocks.filter(isForward).sort((left, right) => left.firstEndMs - right.firstEndMs);
  for (const [at, block] of forward.entries()) {
    const before = forward[at - 1];
    if (before !== undefined && block.firstEndMs < before.lastSentMs) return [before, block];
  }
  for (const block of blocks) {
    if (isForward(block)) continue;
    const around = lastBeginningBefore(forward, block.lastSentMs);
    if (around !== undefined && block.firstEndMs < around.lastSentMs) return [around, block];
  }
  return null;
}

function isForward({ firstEndMs, lastSentMs }: ValueBlock): boolean {
  return firstEndMs < lastSentMs;
}

function lastBeginningBefore(forward: readonly ValueBlock[], ms: number): ValueBlock | undefined {
  let low = 0;
  let high = forward.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((forward[middle]?.firstEndMs ?? Infinity) < ms) low = middle + 1;
    else high = middle;
  }
  return forward[low - 1];
}
