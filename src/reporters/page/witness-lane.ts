import { inRows } from "./label-rows.ts";
import type { Lane } from "./lane.ts";
import { line, textAt } from "./svg.ts";
import { laneLeft, laneRight, type TimeAxis } from "./time-axis.ts";
import type { Witness } from "./witness.ts";

const mostMarked = 24;

/** The numbers of what speaks against the system, each where it happened; null: nothing does. */
export function witnessLane(witnesses: readonly Witness[], axis: TimeAxis): Lane | null {
  const labels = witnesses
    .slice(0, mostMarked)
    .flatMap(({ number, atMs }) =>
      atMs === null || atMs < axis.fromMs || atMs > axis.toMs ? [] : [{ atPx: axis.at(atMs), text: `W${number}` }],
    );
  if (labels.length === 0) return null;
  const { placed, rows } = inRows(labels, { fromPx: laneLeft, toPx: laneRight });
  return {
    name: "Anomalies",
    notes: ["W: see below"],
    heightPx: rows * 17,
    draw: (topPx) =>
      placed
        .map(
          ({ atPx, fromPx, row, text }) =>
            line("lead-to wrong", [atPx, topPx - 4], [atPx, topPx + 14 + row * 17]) +
            textAt([fromPx, topPx + 13 + row * 17], text, { className: "wrong halo" }),
        )
        .join(""),
  };
}
