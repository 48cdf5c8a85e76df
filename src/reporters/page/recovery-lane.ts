import { compares } from "../../core/compare.ts";
import { formatMs } from "../../core/duration.ts";
import { settle, type Track } from "../../core/track.ts";
import { inRows, type Label } from "./label-rows.ts";
import type { Lane } from "./lane.ts";
import { momentsOf } from "./moments.ts";
import type { Story } from "./story.ts";
import { block, letterPx, line, px, textAt } from "./svg.ts";
import { fitted, textWidth } from "./text.ts";
import { isShown, laneLeft, laneRight, type TimeAxis } from "./time-axis.ts";

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
  const bars = spans.map((span) => placedSpan(span, axis));
  const barsPx = bars.reduce((sum, { heightPx }) => sum + heightPx, 0);
  return {
    name: "Coming back",
    notes: spans.length === 0 ? ["no time measured"] : [],
    heightPx: barsPx + rows * 17 + 4,
    draw: (topPx) => {
      const momentsPx = topPx + barsPx;
      let y = topPx;
      return [
        ...placed.map(({ atPx, row, className = "" }) =>
          line(`lead-to ${className}`, [atPx, momentsPx], [atPx, momentsPx + row * 17 + 14]),
        ),
        ...bars.map(({ heightPx, draw }) => {
          y += heightPx;
          return draw(y - heightPx);
        }),
        ...placed.map(({ fromPx, row, text, className = "" }) =>
          textAt([fromPx, momentsPx + 14 + row * 17], text, {
            className: className === "" ? "halo" : `halo ${className}`,
          }),
        ),
      ].join("");
    },
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

interface PlacedSpan {
  readonly heightPx: number;
  readonly draw: (topPx: number) => string;
}

/** A bar with its words beside it where they have room, else below it. */
function placedSpan({ fromMs, toMs, isOver, isWithin, text }: RecoverySpan, axis: TimeAxis): PlacedSpan {
  const [x, end] = [axis.at(fromMs), axis.at(toMs)];
  const kind = isWithin ? "within" : "beyond";
  const words = fitted(text, { widthPx: laneRight - laneLeft, sizePx: letterPx });
  const width = textWidth(words, letterPx);
  const isAfter = end + 8 + width <= laneRight;
  const isBefore = !isAfter && x - 8 - width >= laneLeft;
  const isBeside = isAfter || isBefore;
  const from = isAfter ? end + 8 : isBefore ? x - 8 : Math.min(x, laneRight - width);
  return {
    heightPx: isBeside ? rowPx : rowPx + 15,
    draw: (y) => {
      const close = isOver
        ? line(`stop ${kind}`, [end, y + 2], [end, y + 17])
        : `<path class="stop ${kind}" d="M${px(end - 7)} ${px(y + 2)}l8 7.5l-8 7.5"/>`;
      const bar = block(`span ${kind}`, { x, y: y + 6, width: end - x, height: 7 });
      const className = isWithin ? "halo" : "halo wrong";
      const label = textAt([from, y + (isBeside ? 14 : 29)], words, { className, anchor: isBefore ? "end" : "start" });
      return bar + (isShown(axis, toMs) ? close : "") + label;
    },
  };
}
