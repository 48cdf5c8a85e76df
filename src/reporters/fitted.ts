/** A part of a document: rows that may be left out where there is no room, between lines that may not. */
export interface Section {
  readonly before: readonly string[];
  readonly rows: readonly string[];
  readonly after: readonly string[];
  /** What a row is called where some are left out. */
  readonly called: string;
}

/** The largest number that a line about omitted rows says takes this many bytes, with its words. */
const omittedBytes = 120;

/**
 * Sections as one text of at most so many bytes of UTF-8: earlier ones first, whole rows only. Where rows do not fit, a line says how many
 * were left out. Lines that are no rows are always there: they must fit.
 */
export function fitted(sections: readonly Section[], limitBytes: number): string {
  const frame = sections.flatMap(({ before, after }) => [...before, ...after]);
  let left = limitBytes - bytesOf(frame) - sections.length * omittedBytes;
  const lines = sections.flatMap(({ before, rows, after, called }) => {
    const shown: string[] = [];
    for (const row of rows) {
      const size = bytesOf([row]);
      if (size > left) break;
      left -= size;
      shown.push(row);
    }
    const omitted = rows.length - shown.length;
    if (omitted > 0) left = 0;
    const told = omitted === 0 ? [] : ["", `**${omitted} of ${rows.length} ${called} omitted**: see the reports.`];
    return [...before, ...shown, ...after, ...told];
  });
  return `${lines.join("\n")}\n`;
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((total, line) => total + Buffer.byteLength(line) + 1, 0);
}
