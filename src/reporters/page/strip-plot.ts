import type { Unit } from "../../core/measurement.ts";
import type { Report } from "../../core/report.ts";
import type { Expectation } from "../../core/scenario.ts";
import type { VerdictStatus } from "../../core/verdict.ts";
import { quantity } from "../console.ts";
import { block, drawing, drawingWidth, letterPx, line, px, textAt } from "./svg.ts";
import { fitted, textWidth } from "./text.ts";

/** One repetition under one limit: its value at worst, Infinity where it had not come to an end, null where it was not measured. */
export interface Dot {
  readonly repetition: number;
  readonly value: number | null;
  readonly status: VerdictStatus;
  readonly text: string;
}

/** All repetitions of a variant under one limit. */
export interface Strip {
  readonly expectation: Expectation;
  readonly unit: Unit;
  readonly dots: readonly Dot[];
}

const fromPx = 250;
const toPx = drawingWidth - 70;
const rowPx = 76;
const dotPx = 5;

/** The strips of runs of one variant. */
export function stripsOf(reports: readonly Report[]): readonly Strip[] {
  return (reports[0]?.plan.expectations ?? []).map((expectation) => {
    const isUpper = isUpperLimit(expectation);
    const dots = reports.map(({ plan, measurements, verdicts }): Dot => {
      const one = measurements.find(({ measure }) => measure === expectation.measure);
      const status = verdicts.find(({ check }) => check === expectation.text)?.status ?? "unknown";
      const { repetition } = plan;
      if (one === undefined || one.kind === "not-measured")
        return { repetition, value: null, status, text: `not measured: ${one?.reason ?? "no such measure"}` };
      if (one.kind === "beyond")
        return { repetition, value: Infinity, status, text: `more than ${quantity(one.atLeast, one.unit)}` };
      const value = isUpper ? one.high : one.low;
      return { repetition, value, status, text: quantity(value, one.unit) };
    });
    const unit =
      reports.flatMap(({ measurements }) => measurements).find(({ measure }) => measure === expectation.measure)
        ?.unit ?? "ms";
    return { expectation, unit, dots };
  });
}

/** Every repetition as a dot against the limit, the worst with its value; what never came to an end is an arrow at the right. */
export function stripPlot(id: string, variant: string, strips: readonly Strip[]): string {
  const title = `${variant}: every repetition against each limit`;
  const sentence = strips
    .map(
      ({ expectation, dots }) =>
        `${expectation.text}: ${dots
          .map(({ text }) => text)
          .slice(0, 20)
          .join(", ")}`,
    )
    .join("; ");
  return drawing(
    id,
    { title, sentence, heightPx: strips.length * rowPx + 4 },
    strips.map((strip, index) => drawn(strip, index * rowPx)).join("\n"),
  );
}

function drawn(strip: Strip, topPx: number): string {
  const { expectation, unit, dots } = strip;
  const scale = scaleOf(strip);
  const y = topPx + 36;
  const limitX = scale(expectation.limit);
  const limitText = `${expectation.comparator} ${quantity(expectation.limit, unit)}`;
  const absent = dots.filter(({ value }) => value === null).length;
  return [
    block("room", { x: fromPx, y: y - 15, width: toPx - fromPx, height: 30 }),
    textAt([0, y + 4], fitted(expectation.measure, { widthPx: fromPx - 10, sizePx: letterPx }), { className: "lane" }),
    ...(absent > 0 ? [textAt([0, y + 20], `${absent} of ${dots.length} not measured`, { className: "wrong" })] : []),
    line("limit", [limitX, y - 17], [limitX, y + 17]),
    within([limitX, y + 31], `required ${limitText}`, "limit-text"),
    ...marks(dots, scale, y),
    worstLabel(strip, scale, y),
  ].join("");
}

function isUpperLimit({ comparator }: Expectation): boolean {
  return comparator.startsWith("<") || comparator === "==";
}

type Scale = (value: number) => number;

function scaleOf({ expectation: { limit }, unit, dots }: Strip): Scale {
  const values = [limit, ...dots.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]))];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A time or a count is read from 0; shares that are all but 1 would be a heap of dots at the edge.
  const low = unit === "ratio" ? least - (most - least || 0.01) * 0.25 : Math.min(0, least);
  const high = most + (most - low || 1) * 0.15;
  return (value) => fromPx + 8 + ((Math.min(value, high) - low) / (high - low)) * (toPx - fromPx - 16);
}

const heightsPx = [0, -9, 9];

/** Dots that would cover each other are set above and below, as far as there is room. */
function marks(dots: readonly Dot[], scale: Scale, y: number): readonly string[] {
  const placed: (readonly [x: number, dy: number])[] = [];
  return dots.flatMap(({ value, status }) => {
    if (value === null) return [];
    if (value === Infinity) return [`<path class="stop beyond" d="M${px(toPx + 6)} ${px(y - 6)}l10 6l-10 6z"/>`];
    const x = scale(value);
    const isFree = (dy: number): boolean =>
      placed.every(([otherX, otherDy]) => Math.hypot(otherX - x, otherDy - dy) >= 2 * dotPx);
    const dy = heightsPx.find(isFree) ?? heightsPx[placed.length % heightsPx.length] ?? 0;
    placed.push([x, dy]);
    if (status !== "fail") return [`<circle class="dot ${status}" cx="${px(x)}" cy="${px(y + dy)}" r="${dotPx}"/>`];
    return [`<path class="dot fail" d="M${px(x)} ${px(y + dy - 6)}l6 6l-6 6l-6 -6z"/>`];
  });
}

function worstLabel({ expectation, unit, dots }: Strip, scale: Scale, y: number): string {
  const values = dots.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return textAt([fromPx + 8, y + 4], "not measured in any run", { className: "wrong" });
  const worst = isUpperLimit(expectation) ? Math.max(...values) : Math.min(...values);
  if (worst === Infinity) {
    const text = dots.find(({ value }) => value === Infinity)?.text ?? "";
    return textAt([toPx + 16, y - 20], `not over: ${text}`, { className: "wrong", anchor: "end" });
  }
  return within([scale(worst), y - 20], `${dots.length > 1 ? "worst " : ""}${quantity(worst, unit)}`, "");
}

/** Text around a place, and never out of the drawing. */
function within([x, y]: readonly [number, number], text: string, className: string): string {
  const half = textWidth(text, letterPx) / 2;
  return textAt([Math.max(half, Math.min(x, drawingWidth - half)), y], text, { anchor: "middle", className });
}
