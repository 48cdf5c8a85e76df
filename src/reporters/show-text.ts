import { printable } from "../core/printable.ts";

/** One thing as it is shown. */
export interface Shown {
  readonly kind: string;
  readonly name: string;
  readonly summary: string;
  /** What is known of it: a word, and lines. What has no lines is left out. */
  readonly facts: readonly (readonly [string, readonly string[]])[];
}

/** One thing in words: kind and name, its summary, and what is known of it. */
export function showText({ kind, name, summary, facts }: Shown): string {
  const told = facts.filter(([, lines]) => lines.length > 0);
  const width = Math.max(0, ...told.map(([what]) => what.length)) + 2;
  const rows = told.flatMap(([what, lines]) =>
    lines.map((line, index) => `  ${(index === 0 ? what : "").padEnd(width)}${printable(line)}`),
  );
  return [`${kind} ${printable(name)}`, ...(summary === "" ? [] : [`  ${printable(summary)}`]), ...rows].join("\n");
}
