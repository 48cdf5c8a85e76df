import { formatMs } from "../../core/duration.ts";
import type { Bucket } from "./buckets.ts";
import type { Lane } from "./lane.ts";
import { block, letterPx, line, px, textAt } from "./svg.ts";
import { textWidth } from "./text.ts";
import { laneLeft, laneRight, type TimeAxis } from "./time-axis.ts";

const heightPx = 120;

/** A latency that must not be exceeded, or at which clients give up. */
export interface LatencyLimit {
  readonly ms: number;
  readonly text: string;
}

/** Median, p95 and slowest of what was acknowledged in each stretch, logarithmic; a gap where nothing was, never a line across it. */
export function latencyLane(buckets: readonly Bucket[], axis: TimeAxis, limits: readonly LatencyLimit[]): Lane {
  const [lowest, highest] = rangeOf(buckets, limits);
  const share = (ms: number): number =>
    (Math.log10(ms) - Math.log10(lowest)) / (Math.log10(highest) - Math.log10(lowest));
  const place: Place = {
    x: (bucket) => axis.at(bucket.fromMs + axis.bucketMs / 2),
    y: (ms) => heightPx - Math.min(1, Math.max(0, share(Math.max(ms, lowest)))) * heightPx,
    halfPx: Math.max(0.8, (axis.at(axis.fromMs + axis.bucketMs) - laneLeft) / 2),
  };
  return {
    name: "Latency",
    heightPx: heightPx + 4,
    draw: (topPx) =>
      `<g transform="translate(0 ${px(topPx)})">${[
        ...decades(lowest, highest).map((ms) => grid(ms, place.y(ms))),
        ...gapsOf(buckets).map((gap) => drawnGap(gap, axis)),
        curve(buckets, "median", place),
        curve(buckets, "p95", place),
        ...buckets.flatMap((bucket) =>
          bucket.worstMs === null
            ? []
            : [`<circle class="slowest" cx="${px(place.x(bucket))}" cy="${px(place.y(bucket.worstMs))}" r="1.7"/>`],
        ),
        ...limitLines(limits, place.y),
      ].join("")}</g>`,
  };
}

interface Place {
  readonly x: (bucket: Bucket) => number;
  readonly y: (ms: number) => number;
  readonly halfPx: number;
}

function rangeOf(buckets: readonly Bucket[], limits: readonly LatencyLimit[]): readonly [number, number] {
  let [low, high] = [1, 10];
  for (const { medianMs, worstMs } of buckets) {
    if (medianMs !== null) low = Math.min(low, Math.max(0.1, medianMs));
    high = Math.max(high, worstMs ?? 0);
  }
  for (const { ms } of limits) high = Math.max(high, ms * 1.4);
  return [10 ** Math.floor(Math.log10(low)), high * 1.1];
}

function decades(lowest: number, highest: number): readonly number[] {
  const first = Math.round(Math.log10(lowest));
  return Array.from({ length: Math.floor(Math.log10(highest)) - first + 1 }, (_, index) => 10 ** (first + index));
}

function grid(ms: number, y: number): string {
  const text = ms < 1 ? `${ms} ms` : formatMs(ms).replace(".00", "");
  return (
    line("axis", [laneLeft, y], [laneRight, y]) +
    textAt([laneLeft - 4, y + 4], text, { className: "dim", anchor: "end" })
  );
}

interface Gap {
  readonly fromMs: number;
  readonly buckets: number;
}

/** Stretches in which nothing was acknowledged, between the first and the last in which something was. */
function gapsOf(buckets: readonly Bucket[]): readonly Gap[] {
  const first = buckets.findIndex(({ ok }) => ok > 0);
  const last = buckets.findLastIndex(({ ok }) => ok > 0);
  const gaps: Gap[] = [];
  let length = 0;
  for (const [index, { ok }] of (first === -1 ? [] : buckets.slice(first, last + 1)).entries()) {
    const from = buckets[first + index - length];
    if (ok > 0 && length > 0 && from !== undefined) gaps.push({ fromMs: from.fromMs, buckets: length });
    length = ok > 0 ? 0 : length + 1;
  }
  return gaps;
}

function drawnGap({ fromMs, buckets }: Gap, axis: TimeAxis): string {
  const x = axis.at(fromMs);
  const width = axis.at(fromMs + buckets * axis.bucketMs) - x;
  const text = ["nothing succeeded", "nothing"].find((words) => textWidth(words, letterPx) + 10 <= width);
  const plate =
    text === undefined
      ? ""
      : block("plate", {
          x: x + width / 2 - textWidth(text, letterPx) / 2 - 3,
          y: heightPx / 2 - 11,
          width: textWidth(text, letterPx) + 6,
          height: 17,
        });
  const words =
    text === undefined ? "" : textAt([x + width / 2, heightPx / 2 + 2], text, { className: "wrong", anchor: "middle" });
  return block("none", { x, y: 0, width, height: heightPx }) + plate + words;
}

/** A line for each row of neighbours that have a value; one that stands alone is a short stroke. */
function curve(buckets: readonly Bucket[], which: "median" | "p95", { x, y, halfPx }: Place): string {
  const pieces: string[] = [];
  let points: string[] = [];
  const close = (): void => {
    const [only] = points;
    if (points.length === 1 && only !== undefined) pieces.push(`M${only}m${px(-halfPx)} 0h${px(2 * halfPx)}`);
    if (points.length > 1) pieces.push(`M${points.join("L")}`);
    points = [];
  };
  for (const bucket of buckets) {
    const ms = which === "median" ? bucket.medianMs : bucket.p95Ms;
    if (ms === null) close();
    else points.push(`${px(x(bucket))} ${px(y(ms))}`);
  }
  close();
  return pieces.length === 0 ? "" : `<path class="${which}" d="${pieces.join("")}"/>`;
}

/** Limits that lie close together share one text, so that none covers another. */
function limitLines(limits: readonly LatencyLimit[], y: (ms: number) => number): readonly string[] {
  let reached = Infinity;
  return limits
    .toSorted((left, right) => left.ms - right.ms)
    .map(({ ms, text }) => {
      const at = y(ms);
      const isFree = reached - at >= 16;
      if (isFree) reached = at;
      const plate = block("plate", {
        x: laneRight - textWidth(text, letterPx) - 4,
        y: at - 16,
        width: textWidth(text, letterPx) + 4,
        height: 15,
      });
      const label = isFree
        ? plate + textAt([laneRight - 2, at - 4], text, { className: "limit-text", anchor: "end" })
        : "";
      return line("limit", [laneLeft, at], [laneRight, at]) + label;
    });
}
