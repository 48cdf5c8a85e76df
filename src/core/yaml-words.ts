import type { ErrorCode } from "yaml";
import { tooDeep } from "./yaml-tokens.ts";

/** What a parser's complaint means to whoever wrote the file, and the likely fix. */
const words: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: "a tab stands where spaces must: indent with spaces",
  MULTIPLE_DOCS: "a second document begins here: put it into a file of its own, or remove the line ---",
  BLOCK_AS_IMPLICIT_KEY:
    'a second "key:" on this line, or a line that is indented too far: put a text that has a colon into quotes, and keys below each other',
  MULTILINE_IMPLICIT_KEY:
    "a key must stand on one line, with a colon after it; is the colon missing, or the indentation wrong?",
  MISSING_CHAR: "something that was opened is not closed",
  BAD_INDENT: "the indentation does not fit the lines above",
  BAD_SCALAR_START: "a text cannot begin with this character: put it into quotes",
  BAD_DQ_ESCAPE: "this is no escape in double quotes: write \\\\ for a backslash, or use single quotes",
  BAD_ALIAS: "the name after & or * is wrong",
  MULTIPLE_ANCHORS: "only one anchor (&name) can stand here",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters; is a quote or a colon misplaced?",
  RESOURCE_EXHAUSTION: tooDeep,
  IMPOSSIBLE: "this cannot be read as YAML",
};

/** In words what is wrong where the parser stopped. `detail` is the parser's own message. */
export function syntaxWords(code: ErrorCode, detail: string): string {
  if (code === "MISSING_CHAR") return missing(detail);
  if (code === "BAD_INDENT" && detail.startsWith("Flow")) {
    return `a bracket that was opened above is not closed: add ${/a (\S)$/.exec(firstLine(detail))?.[1] ?? "it"}`;
  }
  if (code === "UNEXPECTED_TOKEN") return unexpected(detail);
  return words[code] ?? firstLine(detail);
}

function missing(detail: string): string {
  if (/quote/.test(detail))
    return `the quote that was opened is not closed: add ${/double|"/.test(detail) ? '"' : "the closing quote"}`;
  const end = /(?:end with a|must be) (\S+)$/.exec(firstLine(detail))?.[1];
  if (end !== undefined) return `a bracket that was opened is not closed: add ${end}`;
  return /separated by ,|Missing ,/.test(detail) ? "a comma is missing between entries" : firstLine(detail);
}

function unexpected(detail: string): string {
  const what = /Unexpected (\S+)/.exec(detail)?.[1] ?? "";
  if (what === "," || what === "comma") return "there is a comma too many here";
  if (/extra characters/.test(detail))
    return "nothing may follow | or > on its line: put the text on the next line, indented";
  return "this does not fit here; is the indentation wrong, or a quote, colon or hyphen missing on the lines above?";
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
