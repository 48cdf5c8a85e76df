import { letterPx, textAt } from "./svg.ts";

/** A strip of the drawing, on the one time axis. */
export interface Lane {
  readonly name: string;
  /** What stands below its name, a few words a line. */
  readonly notes?: readonly string[];
  readonly heightPx: number;
  /** What is in it, from this height on. */
  readonly draw: (topPx: number) => string;
}

const betweenPx = 14;
const lineOfNotePx = 15;

/** Lanes one below the other, and how high they are together. */
export function stacked(lanes: readonly Lane[], fromPx: number): { readonly svg: string; readonly bottomPx: number } {
  let topPx = fromPx;
  const parts: string[] = [];
  for (const { name, notes = [], heightPx, draw } of lanes) {
    const named = [
      textAt([0, topPx + letterPx], name, { className: "lane" }),
      ...notes.map((note, index) =>
        textAt([0, topPx + letterPx + (index + 1) * lineOfNotePx], note, { className: "dim" }),
      ),
    ];
    parts.push(`<g>${named.join("")}${draw(topPx)}</g>`);
    topPx += Math.max(heightPx, letterPx + 4 + notes.length * lineOfNotePx) + betweenPx;
  }
  return { svg: parts.join("\n"), bottomPx: topPx };
}
