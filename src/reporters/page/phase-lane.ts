import type { Lane } from "./lane.ts";
import type { Story } from "./story.ts";
import { block, letterPx, textAt } from "./svg.ts";
import { fitted } from "./text.ts";
import type { TimeAxis } from "./time-axis.ts";

/** The phases of the run, each with its name where that has room. */
export function phaseLane({ history }: Story, axis: TimeAxis): Lane {
  const entered = [...history.eventsOf("phase.entered")];
  const phases = entered.map(({ phase, atMs }, index) => ({
    phase,
    fromMs: atMs,
    toMs: entered[index + 1]?.atMs ?? history.endMs,
  }));
  return {
    name: "Phase",
    heightPx: 20,
    draw: (topPx) =>
      phases
        .filter(({ fromMs, toMs }) => toMs > axis.fromMs && fromMs < axis.toMs)
        .map(({ phase, fromMs, toMs }, index) => {
          const x = axis.at(fromMs);
          const width = axis.at(toMs) - x;
          const text = fitted(phase, { widthPx: width - 8, sizePx: letterPx });
          const label = text.endsWith("…") ? "" : textAt([x + 4, topPx + 14], text, { className: "dim" });
          return block(index % 2 === 0 ? "phase" : "phase even", { x, y: topPx, width, height: 20 }) + label;
        })
        .join(""),
  };
}
