import { drawingWidth, letterPx, line, px, textAt } from "./svg.ts";
import { textWidth } from "./text.ts";

/** Where the lanes begin and end, in px: left of it stand their names. */
export const laneLeft = 128;
export const laneRight = drawingWidth - 30;

/** A stretch of the run, in ms since its start, and where each moment of it is drawn. */
export interface TimeAxis {
  readonly fromMs: number;
  readonly toMs: number;
  /** How much time is counted together, in ms. */
  readonly bucketMs: number;
  /** The place of a moment in px; what lies outside of the stretch is at its edge. */
  readonly at: (ms: number) => number;
}

const bucketsMs = [5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000];
const stepsMs = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  1_800_000,
];
const mostBuckets = 160;

/** The axis of a stretch: of 6 s as readable as of 10 min. Less than `leastMs` is never counted together. */
export function timeAxis({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, leastMs = 0): TimeAxis {
  const spanMs = Math.max(1, toMs - fromMs);
  const bucketMs =
    bucketsMs.find((ms) => spanMs / ms <= mostBuckets && ms >= leastMs) ?? Math.ceil(spanMs / mostBuckets);
  const at = (ms: number): number =>
    laneLeft + ((Math.min(Math.max(ms, fromMs), fromMs + spanMs) - fromMs) / spanMs) * (laneRight - laneLeft);
  return { fromMs, toMs: fromMs + spanMs, bucketMs, at };
}

/** The moments that the axis names, in ms: round ones, as many as have room. */
export function ticksOf({ fromMs, toMs }: TimeAxis): readonly number[] {
  const step = stepsMs.find((ms) => (toMs - fromMs) / ms <= 10) ?? 3_600_000;
  const first = Math.ceil(fromMs / step);
  return Array.from({ length: Math.floor(toMs / step) - first + 1 }, (_, index) => (first + index) * step);
}

/** Whether a moment lies in the stretch. */
export function isShown({ fromMs, toMs }: TimeAxis, ms: number): boolean {
  return ms >= fromMs && ms <= toMs;
}

/** The axis as it is drawn, with thin lines through all lanes above it. */
export function drawnAxis(axis: TimeAxis, topPx: number): string {
  const ticks = ticksOf(axis).map((ms) => {
    const x = axis.at(ms);
    const text = `${Number((ms / 1000).toFixed(3))} s`;
    const middle = Math.min(x, drawingWidth - textWidth(text, letterPx) / 2);
    return (
      line("axis", [x, 0], [x, topPx + 6]) + textAt([middle, topPx + 20], text, { className: "dim", anchor: "middle" })
    );
  });
  return `<path class="axis" d="M${laneLeft} ${px(topPx)}H${laneRight}"/>${ticks.join("")}`;
}
