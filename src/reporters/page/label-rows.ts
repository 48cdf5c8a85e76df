import { letterPx } from "./svg.ts";
import { textWidth } from "./text.ts";

/** What is written at a place of the time axis. */
export interface Label {
  /** Where it belongs, in px. */
  readonly atPx: number;
  readonly text: string;
  readonly className?: string;
}

/** A label with its place: where its text begins, and in which row. */
export interface PlacedLabel extends Label {
  readonly fromPx: number;
  readonly widthPx: number;
  readonly row: number;
}

const gapPx = 8;

/**
 * Labels in as few rows as they need without touching each other or leaving the room. From the right to the left, so that what leads from the axis
 * to a label in a lower row passes left of what stands above.
 */
export function inRows(
  labels: readonly Label[],
  room: { readonly fromPx: number; readonly toPx: number },
): { readonly placed: readonly PlacedLabel[]; readonly rows: number } {
  const placed: PlacedLabel[] = [];
  for (const label of labels.toSorted((left, right) => right.atPx - left.atPx)) {
    const widthPx = textWidth(label.text, letterPx);
    const fromPx = Math.max(room.fromPx, Math.min(label.atPx + 4, room.toPx - widthPx));
    const isFree = (row: number): boolean =>
      placed.every(
        (other) =>
          other.row !== row ||
          fromPx + widthPx + gapPx <= other.fromPx ||
          other.fromPx + other.widthPx + gapPx <= fromPx,
      );
    let row = 0;
    while (!isFree(row)) row += 1;
    placed.push({ ...label, fromPx, widthPx, row });
  }
  return { placed, rows: Math.max(0, ...placed.map(({ row }) => row + 1)) };
}
