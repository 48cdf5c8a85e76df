import { safe } from "./text.ts";

/** Width of every drawing in px of its own; the page scales it. */
export const drawingWidth = 960;
/** Size of the letters in drawings. */
export const letterPx = 13;

/** A number as it stands in an attribute: a tenth of a px is enough. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text at its baseline. */
export function textAt(
  [x, y]: readonly [x: number, y: number],
  text: string,
  {
    className = "",
    anchor = "start",
  }: { readonly className?: string; readonly anchor?: "start" | "middle" | "end" } = {},
): string {
  const classes = className === "" ? "" : ` class="${className}"`;
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${px(x)}" y="${px(y)}"${anchored}${classes}>${safe(text)}</text>`;
}

/** A rectangle, at least a px wide so that it is seen. */
export function block(
  className: string,
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): string {
  return `<rect class="${className}" x="${px(x)}" y="${px(y)}" width="${px(Math.max(1, width))}" height="${px(height)}"/>`;
}

/** A straight line. */
export function line(
  className: string,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): string {
  return `<line class="${className}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>`;
}

/** A drawing that a screen reader tells as one picture, by its title and a sentence. */
export function drawing(
  id: string,
  told: { readonly title: string; readonly sentence: string; readonly heightPx: number },
  parts: string,
): string {
  return `<svg viewBox="0 0 ${drawingWidth} ${Math.ceil(told.heightPx)}" role="img" aria-labelledby="${id}-title ${id}-text" class="drawing">
<title id="${id}-title">${safe(told.title)}</title>
<desc id="${id}-text">${safe(told.sentence)}</desc>
${parts}
</svg>`;
}

/** Patterns of the drawings, once a page: what a colour says a pattern says as well. */
export const patterns = `<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="hatch-fault" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="tint" width="8" height="8"/><line x1="0" y1="0" x2="0" y2="8"/></pattern>
<pattern id="hatch-none" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><line x1="0" y1="0" x2="0" y2="6"/></pattern>
<pattern id="hatch-info" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="tint" width="5" height="5"/><line x1="0" y1="0" x2="0" y2="5"/></pattern>
<pattern id="hatch-bad" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="tint" width="5" height="5"/><path d="M0 0L5 5M5 0L0 5"/></pattern>
</defs></svg>`;
