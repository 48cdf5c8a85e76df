import { stripVTControlCharacters } from "node:util";

/** Breaks a line between words so that none is wider than the window, going on under an indentation; a word that is too wide stays whole. Without a window (Infinity) it stays one line. */
export function wrap(line: string, columns: number, indent = ""): string {
  if (plainLength(line) <= columns) return line;
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\S) /)) {
    const next = current === "" ? word : `${current} ${word}`;
    if (current !== "" && plainLength(next) > columns) {
      lines.push(current);
      current = `${indent}${word.trimStart()}`;
    } else current = next;
  }
  return [...lines, current].join("\n");
}

/** Length without what only colours. */
function plainLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
