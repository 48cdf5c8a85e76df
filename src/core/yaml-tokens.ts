import { CST, Lexer } from "yaml";
import { quoted } from "./printable.ts";

/** Lists and objects may lie in each other this deep. */
export const deepest = 32;
/** So many are told of one file at most; reading goes no further. */
const mostFindings = 100;

/** Something that a file must not hold, found before it is parsed: from an offset, so many characters. */
export interface Finding {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/**
 * What is refused without parsing, because parsing it would be unsafe, slow or ambiguous: tags, directives, nesting deeper than 32, a
 * closing bracket without its opening one.
 */
export function refusedTokens(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  const depth = new Depth();
  let offset = 0;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    const kind = isText ? "text" : CST.tokenType(token);
    // These mark what follows in the token stream and stand for nothing in the text.
    const isMark = !isText && (token === CST.SCALAR || token === CST.DOCUMENT || token === CST.FLOW_END);
    isText = token === CST.SCALAR && !isText;
    if (isMark) continue;
    const message = refusal(kind, token) ?? depth.refusal(kind);
    if (message !== null) findings.push({ offset, length: token.length, message });
    offset += token.length;
    if (depth.isOver || findings.length >= mostFindings) break;
  }
  return findings;
}

type Kind = CST.TokenType | "text" | null;

function refusal(kind: Kind, token: string): string | null {
  if (kind === "tag")
    return `the tag ${quoted(token)} is not read: leave it out; texts, numbers and true or false need none`;
  if (kind === "directive-line") return `the directive ${quoted(token)} is not read: leave the line out`;
  const quote = kind === "double-quoted-scalar" ? '"' : kind === "single-quoted-scalar" ? "'" : null;
  // The parser would tell it at the end of the file.
  if (quote !== null && (token.length < 2 || !token.endsWith(quote))) {
    return `the quote that is opened here is not closed: add ${quote}`;
  }
  return null;
}

/** How deep brackets, and the marks of lists on one line, lie in each other. */
class Depth {
  /** Nothing more is to be learnt from what follows. */
  isOver = false;
  #brackets = 0;
  #onLine = 0;
  #colons = 0;
  #isAnchored = false;

  refusal(kind: Kind): string | null {
    if (kind === "flow-map-start" || kind === "flow-seq-start") this.#brackets += 1;
    if (kind === "flow-map-end" || kind === "flow-seq-end") this.#brackets -= 1;
    if (kind === "newline") [this.#onLine, this.#colons] = [0, 0];
    if (kind === "seq-item-ind" || kind === "explicit-key-ind") this.#onLine += 1;
    if (kind === "map-value-ind" && this.#brackets === 0) this.#colons += 1;
    if (kind === "anchor" && this.#isAnchored) return "only one anchor (&name) can stand here";
    if (kind !== "space") this.#isAnchored = kind === "anchor";
    if (this.#brackets >= 0 && this.#brackets + this.#onLine <= deepest && this.#colons <= deepest) return null;
    this.isOver = true;
    return this.#brackets < 0 ? "this bracket closes what was never opened" : tooDeep;
  }
}

/** What is said of lists and objects that lie deeper in each other than is read. */
export const tooDeep = `lists and objects lie more than ${deepest} deep in each other here; write it flatter`;
