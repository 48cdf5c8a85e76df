import { compares } from "../../core/compare.ts";
import { formatMs } from "../../core/duration.ts";
import { settle, type Track } from "../../core/track.ts";
import { inRows, type Label } from "./label-rows.ts";
import type { Lane } from "./lane.ts";
import { momentsOf } from "./moments.ts";
import type { Story } from "./story.ts";
import { block, letterPx, line, px, textAt } from "./svg.ts";
import { fitted, textWidth } from "./text.ts";
import { laneLeft, laneRight, type TimeAxis } from "./time-axis.ts";

const rowPx = 20;

/** How the system came back: a bar for each time that was measured, from its beginning to the moment that ended it, and the moments around it. */
export function recoveryLane(story: Story, axis: TimeAxis): Lane {
  const spans = spansOf(story).filter(({ fromMs, toMs }) => toMs >= axis.fromMs && fromMs <= axis.toMs);
  const moments = momentsOf(story).filter(({ atMs }) => atMs >= axis.fromMs && atMs <= axis.toMs);
  const labels = moments.map(({ atMs, text, isWrong }): Label => ({
    atPx: axis.at(atMs),
    text,
    className: isWrong ? "wrong" : "",
  }));
  const { placed, rows } = inRows(labels, { fromPx: laneLeft, toPx: laneRight });
  const barsPx = spans.length * rowPx;
  return {
    name: "Coming back",
    notes: spans.length === 0 ? ["no time measured"] : [],
    heightPx: barsPx + rows * 17 + 4,
    draw: (topPx) =>
      [
        ...placed.map(({ atPx, row, className = "" }) =>
          line(`lead-to ${className}`, [atPx, topPx + barsPx], [atPx, topPx + barsPx + row * 17 + 14]),
        ),
        ...spans.map((span, index) => drawnSpan(span, axis, topPx + index * rowPx)),
        ...placed.map(({ fromPx, row, text, className = "" }) =>
          textAt([fromPx, topPx + barsPx + 14 + row * 17], text, { className: `halo ${className}` }),
        ),
      ].join(""),
  };
}

/** A time that was measured, on the axis. */
export interface RecoverySpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether it came to an end at all. */
  readonly isOver: boolean;
  readonly isWithin: boolean;
  readonly text: string;
}

/** Of each time the worst of what it was told from. */
export function spansOf({ plan, measurements }: Pick<Story, "plan" | "measurements">): readonly RecoverySpan[] {
  return measurements.flatMap((measurement): readonly RecoverySpan[] => {
    if (measurement.kind === "not-measured" || measurement.unit !== "ms") return [];
    const worst = worstOf(measurement.tracks ?? []);
    if (worst === null) return [];
    const asked = plan.expectations.filter(({ measure }) => measure === measurement.measure);
    const required = asked.map(({ comparator, limit }) => `${comparator} ${formatMs(limit)}`).join(", ");
    const { track, fromMs, toMs, isOver } = worst;
    const value = isOver ? formatMs(toMs - fromMs) : `not within ${formatMs(toMs - fromMs)}`;
    const isWithin = asked.every(({ comparator, limit }) => isOver && compares(toMs - fromMs, comparator, limit));
    const whose = (measurement.tracks?.length ?? 0) > 1 ? `, worst: ${track.subject}` : "";
    const text = `${measurement.measure} ${value}${required === "" ? "" : ` (required ${required}${isWithin ? "" : ": broken"})`}${whose}`;
    return [{ fromMs, toMs, isOver, isWithin, text }];
  });
}

function worstOf(tracks: readonly Track[]) {
  let worst: {
    readonly track: Track;
    readonly fromMs: number;
    readonly toMs: number;
    readonly isOver: boolean;
  } | null = null;
  for (const track of tracks) {
    const settled = settle(track);
    const [fromMs, laterMs] = track.from;
    const isOver = settled.kind === "settled";
    const toMs = isOver ? settled.atMs : laterMs + settled.atLeast;
    const isWorse =
      worst === null ||
      (worst.isOver && !isOver) ||
      (worst.isOver === isOver && toMs - fromMs > worst.toMs - worst.fromMs);
    if (isWorse) worst = { track, fromMs, toMs, isOver };
  }
  return worst;
}

function drawnSpan({ fromMs, toMs, isOver, isWithin, text }: RecoverySpan, axis: TimeAxis, y: number): string {
  const [x, end] = [axis.at(fromMs), axis.at(toMs)];
  const kind = isWithin ? "within" : "beyond";
  const bar = block(`span ${kind}`, { x, y: y + 6, width: end - x, height: 7 });
  const close = isOver
    ? line(`stop ${kind}`, [end, y + 2], [end, y + 17])
    : `<path class="stop ${kind}" d="M${px(end - 7)} ${px(y + 2)}l8 7.5l-8 7.5"/>`;
  const width = textWidth(text, letterPx);
  const className = isWithin ? "" : "wrong";
  if (end + 8 + width <= laneRight) return bar + close + textAt([end + 8, y + 14], text, { className });
  if (x - 8 - width >= laneLeft) return bar + close + textAt([x - 8, y + 14], text, { anchor: "end", className });
  const short = fitted(text, { widthPx: Math.max(laneRight - end, x - laneLeft, end - x) - 12, sizePx: letterPx });
  if (laneRight - end >= Math.max(x - laneLeft, end - x))
    return bar + close + textAt([end + 8, y + 14], short, { className });
  if (x - laneLeft >= end - x) return bar + close + textAt([x - 8, y + 14], short, { anchor: "end", className });
  const plate = block("plate", { x: x + 4, y: y + 2, width: textWidth(short, letterPx) + 4, height: 15 });
  return bar + close + plate + textAt([x + 6, y + 14], short, { className });
}
