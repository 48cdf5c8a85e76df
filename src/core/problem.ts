import { HarnessError } from "./harness-error.ts";
import { cut, printable } from "./printable.ts";

/** So many problems are told in words; all are in `--json`. */
const mostTold = 20;

/** Something wrong with a file: where, and what to do about it. */
export interface Problem {
  /** `file:line:column`, or the file alone where nothing of it could be read. */
  readonly place: string;
  readonly message: string;
  /** The same place in parts; absent where nothing of the file could be read. */
  readonly spot?: ProblemSpot;
}

/** Where in a file something is wrong: lines and columns count from 1, columns in UTF-16 units. */
export interface ProblemSpot {
  readonly line: number;
  readonly column: number;
  /** RFC 6901 pointer of the value; null where the file was not understood so far. */
  readonly pointer: string | null;
  /** The line with a caret below the place, ready to print; two lines. */
  readonly excerpt: readonly string[];
}

/** What stands at a place in a text: its line, and how many characters of it are meant. */
export interface Marked {
  readonly line: number;
  readonly column: number;
  readonly lineText: string;
  readonly length: number;
}

/** The error that tells every problem of a file at once, each once, in the order of the file (exit 64). */
export function invalid(file: string, problems: readonly Problem[]): HarnessError {
  const told = [...new Map(problems.map((problem) => [`${problem.place} ${problem.message}`, problem])).values()];
  const ordered = told.toSorted(byPlace);
  const lines = ordered.slice(0, mostTold).flatMap(problemLines);
  const more = ordered.length > mostTold ? [`  and ${ordered.length - mostTold} more`] : [];
  const count = `${ordered.length} ${ordered.length === 1 ? "problem" : "problems"}`;
  return new HarnessError([`${printable(file)} is not valid, ${count}:`, ...lines, ...more].join("\n"), {
    code: "invalid-file",
    exit: "usage",
    next: `correct ${ordered.length === 1 ? "that place" : `these ${ordered.length} places`} and run the command again; \`prism-chaos explain KEY\` says what a key means`,
    problems: ordered.map((problem) => ({
      file,
      line: problem.spot?.line ?? null,
      column: problem.spot?.column ?? null,
      message: problem.message,
      pointer: problem.spot?.pointer ?? null,
    })),
  });
}

/** A problem in words: place and message, then the line with a caret. */
function problemLines({ place, message, spot }: Problem): readonly string[] {
  return [`  ${printable(place)}: ${message}`, ...(spot?.excerpt ?? []).map((line) => `     ${line}`)];
}

function byPlace(left: Problem, right: Problem): number {
  const [one, other] = [left.spot, right.spot];
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

/** The line with a caret below each character that is meant; a long line is cut around the place. */
export function excerptOf({ line, column, lineText, length }: Marked): readonly string[] {
  const around = 50;
  const from = Math.max(0, column - 1 - around);
  const before = (from > 0 ? "…" : "") + printable(lineText.slice(from, column - 1).replaceAll("\t", " "));
  const meant = printable(lineText.slice(column - 1, column - 1 + Math.max(1, Math.min(length, around))));
  const rest = cut(lineText.slice(column - 1 + Math.max(1, Math.min(length, around))).replaceAll("\t", " "), 90);
  const gutter = String(line);
  return [
    `${gutter} | ${before}${meant}${rest}`.trimEnd(),
    `${" ".repeat(gutter.length)} | ${" ".repeat(width(before))}${"^".repeat(Math.max(1, width(meant.trimEnd())))}`,
  ];
}

/** How many columns of a terminal a text takes: two for most of East Asia's characters and pictures, none for what combines. */
function width(text: string): number {
  let columns = 0;
  for (const one of text) {
    if (/\p{M}/u.test(one)) continue;
    columns +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
        one,
      )
        ? 2
        : 1;
  }
  return columns;
}
