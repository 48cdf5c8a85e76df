import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from "yaml";
import type { Json } from "./json.ts";
import { cut } from "./printable.ts";
import { excerptOf, invalid, type Problem } from "./problem.ts";
import { readText } from "./source-text.ts";
import { syntaxWords } from "./yaml-words.ts";
import { type Finding, refusedTokens } from "./yaml-tokens.ts";
import { readValue } from "./yaml-value.ts";

export { invalid, type Problem } from "./problem.ts";
export { compileSchema, schemaProblems } from "./schema-problems.ts";

/** No message is longer, so that a file cannot flood a terminal. */
const longestMessage = 1000;
/** So many syntax errors are told of one file: most follow from the first. */
const mostSyntaxErrors = 10;

/** A YAML or JSON file as read, with a way back from a place in it to line and column. */
export interface SourceDocument {
  readonly file: string;
  readonly value: Json;
  /** SHA-256, in hexadecimal, of the file's bytes. */
  readonly digest: string;
  /** `file:line:column` of the value at an RFC 6901 pointer; of the nearest enclosing one where the pointer leads nowhere. */
  place(pointer: string): string;
  /** The same of the key under which that value stands. */
  placeOfKey(pointer: string): string;
  /** The line of the same value, from 1. */
  line(pointer: string): number;
  /** The line of its key, from 1. */
  lineOfKey(pointer: string): number;
  /** Something wrong with the value at a pointer. */
  problem(pointer: string, message: string): Problem;
  /** Something wrong with the key under which that value stands. */
  problemOfKey(pointer: string, message: string): Problem;
}

/**
 * Reads and parses a file: YAML 1.2 (JSON is part of it), one document, without tags, merge keys or directives. Throws `HarnessError`
 * (exit 64) with every problem and its place for one that is missing, over 1 MiB, no text, empty, no YAML, too deep or ambiguous.
 */
export function readDocument(file: string): SourceDocument {
  const { text, digest } = readText(file);
  const lines = new LineCounter();
  const tell = (finding: Finding, pointer: string | null = null): Problem =>
    problemAt({ file, text, lines }, finding, pointer);
  const refused = refusedTokens(text);
  if (refused.length > 0) {
    // The parser would have counted the lines.
    for (let at = 0; at >= 0 && at <= text.length; at = nextLine(text, at)) lines.addNewLine(at);
    throw invalid(
      file,
      refused.map((finding) => tell(finding)),
    );
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    prettyErrors: false,
    // Told by readValue, in words, and in less than the square of the keys' number.
    uniqueKeys: false,
    version: "1.2",
    logLevel: "error",
  });
  const broken = document.errors
    .slice(0, mostSyntaxErrors)
    .map(({ code, pos, message }) =>
      tell({ offset: pos[0], length: pos[1] - pos[0], message: syntaxWords(code, message) }),
    );
  if (broken.length > 0) throw invalid(file, firstOfEachLine(broken));
  const { value, findings, aliases } = readValue(document.contents);
  if (findings.length > 0)
    throw invalid(
      file,
      findings.map((finding) => tell(finding)),
    );
  if (value === null) {
    const only = text.trim() === "" ? "" : "; it holds only comments";
    throw invalid(file, [tell({ offset: 0, length: 1, message: `the file is empty${only}` })]);
  }
  return { file, value, digest, ...placesIn({ document, aliases }, tell) };
}

/** The ways back from a pointer to its place. */
function placesIn(
  tree: Tree,
  tell: (finding: Finding, pointer: string) => Problem,
): Omit<SourceDocument, "file" | "value" | "digest"> {
  const problem = (pointer: string, message: string): Problem => tell({ ...spanOf(tree, pointer), message }, pointer);
  const problemOfKey = (pointer: string, message: string): Problem =>
    tell({ ...keySpanOf(tree, pointer), message }, pointer);
  return {
    place: (pointer) => problem(pointer, "").place,
    placeOfKey: (pointer) => problemOfKey(pointer, "").place,
    line: (pointer) => problem(pointer, "").spot?.line ?? 1,
    lineOfKey: (pointer) => problemOfKey(pointer, "").spot?.line ?? 1,
    problem,
    problemOfKey,
  };
}

/** Where the next line begins, or -1. */
function nextLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? -1 : end + 1;
}

interface Text {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
}

function problemAt({ file, text, lines }: Text, { offset, length, message }: Finding, pointer: string | null): Problem {
  const { line, col } = lines.linePos(Math.min(offset, text.length));
  const [number, column] = [Math.max(1, line), Math.max(1, col)];
  const start = offset - (column - 1);
  const end = text.indexOf("\n", start);
  const lineText = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
  return {
    place: `${file}:${number}:${column}`,
    message: cut(message, longestMessage),
    spot: { line: number, column, pointer, excerpt: excerptOf({ line: number, column, lineText, length }) },
  };
}

/** One mistake makes the parser stumble several times on the same line. */
function firstOfEachLine(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(
    (problem, index) => problems.findIndex((one) => one.spot?.line === problem.spot?.line) === index,
  );
}

/** A stretch of the text. */
interface Span {
  readonly offset: number;
  readonly length: number;
}

interface Tree {
  readonly document: Document;
  readonly aliases: ReadonlyMap<Alias, Node>;
}

function spanOf(tree: Tree, pointer: string): Span {
  return spanOfNode(follow(tree, pointer).at(-1)?.value) ?? keySpanOf(tree, pointer);
}

function keySpanOf(tree: Tree, pointer: string): Span {
  const steps = follow(tree, pointer);
  for (const { key, value } of steps.toReversed()) {
    const span = spanOfNode(key) ?? spanOfNode(value);
    if (span !== null) return span;
  }
  return { offset: 0, length: 1 };
}

interface Step {
  /** Null for the whole file and for entries of lists. */
  readonly key: unknown;
  readonly value: unknown;
}

/** The nodes on the way to a pointer's place, as far as it leads; an alias counts as what it stands for. */
function follow({ document, aliases }: Tree, pointer: string): readonly Step[] {
  const real = (node: unknown): unknown => (isAlias(node) ? aliases.get(node) : node);
  const steps: Step[] = [{ key: null, value: real(document.contents) }];
  const parts = pointer.split("/").slice(1);
  for (const part of parts.map((text) => text.replaceAll("~1", "/").replaceAll("~0", "~"))) {
    const here = steps.at(-1)?.value;
    if (isSeq(here) && Number(part) < here.items.length)
      steps.push({ key: null, value: real(here.items[Number(part)]) });
    else if (isMap(here)) {
      const pair: Pair | undefined = here.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      if (pair === undefined) break;
      steps.push({ key: pair.key, value: real(pair.value) });
    } else break;
  }
  return steps;
}

/** Null for a value that is left out: its key is the better place. */
function spanOfNode(node: unknown): Span | null {
  if (!isNode(node) || !node.range || node.range[1] === node.range[0]) return null;
  return { offset: node.range[0], length: node.range[1] - node.range[0] };
}
