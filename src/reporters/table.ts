import { colour } from "./colour.ts";

/** Cells of a table's row; a verdict among them is coloured. */
export type Row = readonly string[];

/** Columns side by side; where the window is too narrow for them, a block of lines for each row. */
export function table(
  [heads, ...rows]: readonly [Row, ...Row[]],
  columns: number,
  block: (row: Row, columns: number) => string,
): string {
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => (row[column] ?? "").length)));
  const isWide = widths.reduce((sum, width) => sum + width + 2, -2) <= columns;
  return isWide ? sideBySide([heads, ...rows], widths) : rows.map((row) => block(row, columns)).join("\n");
}

function sideBySide(rows: readonly Row[], widths: readonly number[]): string {
  return rows
    .map((row) => row.map((cell, column) => painted(cell.padEnd(widths[column] ?? 0))).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

const paints: Readonly<Record<string, (text: string) => string>> = {
  PASS: colour.green,
  GO: colour.green,
  MARGINAL: colour.yellow,
  WAIVED: colour.yellow,
  FAIL: colour.red,
  NO_GO: colour.red,
  UNUSABLE: colour.red,
  UNKNOWN: colour.yellow,
  INCONCLUSIVE: colour.yellow,
  CONTINUE_VALIDATION: colour.yellow,
};

/** A cell in the colour of the verdict that it is, where the terminal shows colours; the word says it alone. */
export function painted(cell: string): string {
  return (paints[cell.trim()] ?? String)(cell);
}
