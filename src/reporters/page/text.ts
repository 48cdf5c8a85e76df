import { printable } from "../../core/printable.ts";
import { escapeHtml } from "../escape-html.ts";

/** Text of whoever it may be as HTML or SVG: markup is escaped, and what cannot be seen is written out. */
export function safe(text: string): string {
  return escapeHtml(printable(text));
}

/**
 * How wide text is at most when it is drawn, in px, as wide as in the widest of the usual sans-serif fonts: which one a reader has is not known
 * when labels are laid out.
 */
export function textWidth(text: string, sizePx: number): number {
  let em = 0;
  for (const character of printable(text)) em += widthOf(character);
  return em * sizePx;
}

/** The text, shortened to fit into so many px; empty where not even a few letters do. */
export function fitted(
  text: string,
  { widthPx, sizePx }: { readonly widthPx: number; readonly sizePx: number },
): string {
  if (textWidth(text, sizePx) <= widthPx) return text;
  const characters = Array.from(printable(text));
  while (characters.length > 3 && textWidth(`${characters.join("")}…`, sizePx) > widthPx) characters.pop();
  return characters.length > 3 ? `${characters.join("")}…` : "";
}

function widthOf(character: string): number {
  if (/[iljftrI.,:;'|!()[\]/ ·]/.test(character)) return 0.42;
  if (/[mwMW@%—…→]/.test(character)) return 1;
  if (/[A-Z]/.test(character)) return 0.76;
  if (/[!-~]/.test(character)) return 0.66;
  return 1.05;
}
