import { formatMs } from "../../core/duration.ts";
import type { Lane } from "./lane.ts";
import type { Double, Leadership, Reign, Stretch } from "./leadership.ts";
import { inRows } from "./label-rows.ts";
import { block, letterPx, textAt } from "./svg.ts";
import { fitted, textWidth } from "./text.ts";
import { laneLeft, laneRight, type TimeAxis } from "./time-axis.ts";

const rowPx = 26;
const blockPx = 22;
const mostRows = 4;
const labelPx = 17;
const mostLabelRows = 3;

/** A block for each leader and term that acknowledged; hatched where nobody did; a row of its own, in words, where two did at once. */
export function leaderLane(leadership: Leadership, axis: TimeAxis): Lane {
  const shown = (one: Stretch): boolean => one.toMs >= axis.fromMs && one.fromMs <= axis.toMs;
  const reigns = leadership.reigns.filter(shown);
  const rows = rowsOf(reigns, axis);
  const height = Math.max(1, ...rows.map((row) => row + 1)) * rowPx;
  const words = [
    ...leadership.doubles.filter(shown).map(doubleWords(axis)),
    ...leadership.claims.filter(shown).map(claimWords(axis)),
  ];
  const { placed, rows: labelRows } = inRows(words.slice(0, mostLabelRows), { fromPx: laneLeft, toPx: laneRight });
  return {
    name: "Leader, term",
    notes: leadership.reigns.length === 0 ? ["no answer names one"] : [],
    heightPx: height + labelRows * labelPx,
    draw: (topPx) =>
      [
        ...leadership.leaderless.filter(shown).map((pause) => drawnPause(pause, axis, topPx)),
        ...reigns.map((reign, index) => drawnReign(reign, axis, topPx + (rows[index] ?? 0) * rowPx)),
        ...leadership.doubles.filter(shown).map((double) => drawnDouble(double, axis, [topPx - 2, height])),
        ...placed.map(({ fromPx, row, text }) =>
          textAt([fromPx, topPx + height + 12 + row * labelPx], text, { className: "wrong" }),
        ),
      ].join(""),
  };
}

/** Each in the first row where it touches no other; one that is barely longer than its neighbour's beginning does not count as beside it. */
function rowsOf(reigns: readonly Reign[], axis: TimeAxis): readonly number[] {
  const reached: number[] = [];
  return reigns.map(({ fromMs, toMs }) => {
    const free = reached.findIndex((toPx) => toPx <= axis.at(fromMs) + 1.5);
    const row = Math.min(free === -1 ? reached.length : free, mostRows - 1);
    reached[row] = Math.max(reached[row] ?? 0, axis.at(toMs));
    return row;
  });
}

function drawnReign({ leader, term, fromMs, toMs }: Reign, axis: TimeAxis, y: number): string {
  const x = axis.at(fromMs);
  const width = Math.max(2, axis.at(toMs) - x);
  const text = fitted(`${leader} · term ${term}`, { widthPx: width - 10, sizePx: letterPx });
  const short = text.endsWith("…") ? fitted(`${leader} · ${term}`, { widthPx: width - 6, sizePx: letterPx }) : text;
  const label = short === "" || short.endsWith("…") ? "" : textAt([x + 5, y + 15.5], short, { className: "on-lead" });
  return block(term % 2 === 0 ? "lead even" : "lead", { x, y, width, height: blockPx }) + label;
}

function drawnPause({ fromMs, toMs }: Stretch, axis: TimeAxis, y: number): string {
  const x = axis.at(fromMs);
  const width = axis.at(toMs) - x;
  const long = `no leader acknowledged · ${formatMs(toMs - fromMs)}`;
  const text = [long, `none · ${formatMs(toMs - fromMs)}`, formatMs(toMs - fromMs)].find(
    (words) => textWidth(words, letterPx) + 12 <= width,
  );
  const hatched = block("none", { x, y, width, height: blockPx });
  if (text === undefined) return hatched;
  const wide = textWidth(text, letterPx);
  const plate = block("plate", { x: x + (width - wide) / 2 - 3, y: y + 3, width: wide + 6, height: blockPx - 6 });
  return hatched + plate + textAt([x + width / 2, y + 15.5], text, { className: "wrong", anchor: "middle" });
}

function drawnDouble({ fromMs, toMs }: Double, axis: TimeAxis, [y, height]: readonly [number, number]): string {
  const x = axis.at(fromMs);
  return block("double", { x, y, width: axis.at(toMs) - x, height });
}

function doubleWords(axis: TimeAxis) {
  return ({ old, other, fromMs, toMs }: Double) => ({
    atPx: axis.at(fromMs),
    text: `two leaders at once for ${formatMs(toMs - fromMs)}: ${old.leader} (term ${old.term}) beside ${other.leader} (term ${other.term})`,
  });
}

function claimWords(axis: TimeAxis) {
  return ({ leader, term, fromMs, toMs }: Reign) => ({
    atPx: axis.at(fromMs),
    text:
      toMs > fromMs
        ? `${leader} went on saying that it leads term ${term}, for ${formatMs(toMs - fromMs)}`
        : `${leader} said once more that it leads term ${term}`,
  });
}
