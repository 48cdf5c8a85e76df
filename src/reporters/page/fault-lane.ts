import { formatMs } from "../../core/duration.ts";
import { inRows, type Label } from "./label-rows.ts";
import type { Lane } from "./lane.ts";
import type { ToldFault } from "./story.ts";
import { block, letterPx, line, px, textAt } from "./svg.ts";
import { fitted, textWidth } from "./text.ts";
import { isShown, laneLeft, laneRight, type TimeAxis } from "./time-axis.ts";

const bandPx = 20;
const rowPx = 17;
/** Of more faults than these the times stand in the table alone. */
const mostLabelled = 6;
/** Of more faults than these only the first are drawn. */
const mostDrawn = 24;

/** A hatched band for each fault, from its first change until it was gone, with marks where it was in force, seen, and its healing began. */
export function faultLane(faults: readonly ToldFault[], axis: TimeAxis): Lane {
  const isLabelled = faults.length <= mostLabelled;
  const drawn = faults.slice(0, mostDrawn).map((fault) => faultRow(fault, axis, isLabelled));
  const more = faults.length - drawn.length;
  return {
    name: "Faults",
    notes: [
      ...(faults.length === 0 ? ["none injected"] : ["▼ in force", "◆ seen", "△ heal begun", "▲ gone"]),
      ...(more > 0 ? [`${more} more: table`] : []),
    ],
    heightPx: drawn.reduce((sum, { heightPx }) => sum + heightPx, 0),
    draw: (topPx) => {
      let y = topPx;
      return drawn
        .map(({ heightPx, draw }) => {
          const svg = draw(y);
          y += heightPx;
          return svg;
        })
        .join("\n");
    },
  };
}

interface Row {
  readonly heightPx: number;
  readonly draw: (topPx: number) => string;
}

function faultRow(fault: ToldFault, axis: TimeAxis, isLabelled: boolean): Row {
  const x = axis.at(fault.startedMs);
  const width = axis.at(fault.healedMs ?? axis.toMs) - x;
  const { placed, rows } = inRows(isLabelled ? timesOf(fault, axis) : [], { fromPx: laneLeft, toPx: laneRight });
  const name = nameOf(fault);
  const textX = afterMarks(fault, axis) + 12;
  const inside = fitted(name, { widthPx: x + width - textX - 18, sizePx: letterPx });
  return {
    heightPx: bandPx + rows * rowPx + 6,
    draw: (topPx) => {
      const baseline = topPx + bandPx + 12;
      const texts = placed.map(({ fromPx, row, text, className = "" }) =>
        textAt([fromPx, baseline + row * rowPx], text, { className: className === "" ? "halo" : `halo ${className}` }),
      );
      const label =
        inside === "" || textWidth(inside, letterPx) < textWidth(name, letterPx) * 0.6
          ? beside(name, { x, width }, topPx)
          : within(inside, textX, topPx);
      return block("band", { x, y: topPx, width, height: bandPx }) + marks(fault, axis, topPx) + label + texts.join("");
    },
  };
}

/** Right of the marks at the band's beginning, so that the name covers none. */
function afterMarks({ startedMs, injectedMs, seenMs }: ToldFault, axis: TimeAxis): number {
  const inForce = Math.max(axis.at(startedMs), axis.at(injectedMs));
  const seen = seenMs === null ? inForce : axis.at(seenMs);
  return seen - inForce < 60 ? Math.max(inForce, seen) : inForce;
}

function nameOf({ fault, cast }: ToldFault): string {
  const nodes = [...new Set(Object.values(cast).flat())];
  const whom = nodes.length > 0 && nodes.length <= 3 ? ` of ${nodes.join(", ")}` : "";
  return `${fault}${whom}`;
}

function within(text: string, x: number, topPx: number): string {
  const plate = block("plate", { x: x - 4, y: topPx + 2, width: textWidth(text, letterPx) + 8, height: bandPx - 4 });
  return plate + textAt([x, topPx + 14.5], text);
}

/** A band that is too short for its name has it beside it, where there is room. */
function beside(name: string, { x, width }: { readonly x: number; readonly width: number }, topPx: number): string {
  const [before, after] = [x - laneLeft - 12, laneRight - x - width - 12];
  const isAfter = after >= before;
  const text = fitted(name, { widthPx: Math.max(before, after), sizePx: letterPx });
  return textAt([isAfter ? x + width + 10 : x - 10, topPx + 14.5], text, { anchor: isAfter ? "start" : "end" });
}

function marks(fault: ToldFault, axis: TimeAxis, topPx: number): string {
  const at = (ms: number | null, draw: (x: number) => string): string =>
    ms === null || !isShown(axis, ms) ? "" : draw(axis.at(ms));
  const bottom = topPx + bandPx;
  const tick = (x: number): string => line("edge", [x, topPx], [x, bottom]);
  return [
    at(fault.injectedMs, (x) => `${tick(x)}<path class="sign" d="M${px(x - 5)} ${px(topPx)}h10l-5 8z"/>`),
    at(fault.seenMs, (x) => `<path class="sign" d="M${px(x)} ${px(topPx + 5)}l5 5l-5 5l-5 -5z"/>`),
    at(fault.healStartedMs, (x) => `${tick(x)}<path class="sign open" d="M${px(x - 5)} ${px(bottom)}h10l-5 -8z"/>`),
    at(fault.healedMs, (x) => `${tick(x)}<path class="sign" d="M${px(x - 5)} ${px(bottom)}h10l-5 -8z"/>`),
  ].join("");
}

function timesOf(fault: ToldFault, axis: TimeAxis): readonly Label[] {
  const { injectedMs, seenMs, healStartedMs, healedMs } = fault;
  const seen = seenMs === null ? "never seen whole" : `seen ${later(seenMs - injectedMs)}`;
  const gone = healedMs === null ? "never gone" : `gone ${later(healedMs - (healStartedMs ?? healedMs))}`;
  const labels = [
    { ms: injectedMs, text: `in force at ${secondsText(injectedMs)}, ${seen}` },
    { ms: healStartedMs, text: `heal begun at ${secondsText(healStartedMs ?? 0)}, ${gone}` },
  ];
  return labels.flatMap(({ ms, text }) => (ms === null || !isShown(axis, ms) ? [] : [{ atPx: axis.at(ms) - 8, text }]));
}

function later(ms: number): string {
  return `+${formatMs(Math.max(0, ms))}`;
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
