import type { FaultSpan, History } from "./history.ts";

/** Edits and blocks that were asked for and acknowledged while one of these faults was in force: blocks that were served, and all that was taken. */
export function sideUnder(
  spans: readonly FaultSpan[],
  history: History,
): { readonly reads: number; readonly writes: number } {
  const isUnder = ({ sentMs, atMs }: { readonly sentMs: number; readonly atMs: number }): boolean =>
    spans.some(({ injectedMs, healStartedMs }) => sentMs >= injectedMs && atMs <= (healStartedMs ?? history.endMs));
  const blocks = [...history.eventsOf("block.ended")].filter((one) => one.outcome === "ok" && isUnder(one));
  const edits = [...history.eventsOf("edit.ended")].filter((one) => one.outcome === "ok" && isUnder(one));
  const reads = blocks.filter(({ kind }) => kind === "get").length;
  return { reads, writes: blocks.length - reads + edits.length };
}
