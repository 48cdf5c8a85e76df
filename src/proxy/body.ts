import { ApiError } from "./api-error.ts";

/** A number as it was written: `5` and `5.0` are not the same to a decoder of whole numbers. */
export class JsonNumber {
  readonly value: number;
  readonly text: string;

  constructor(value: number, text: string) {
    this.value = value;
    this.text = text;
  }

  /** Whether Go's decoder takes it for an int64: digits alone, within 64 bits. */
  isInt64(): boolean {
    return /^-?\d+$/.test(this.text) && BigInt.asIntN(64, BigInt(this.text)) === BigInt(this.text);
  }

  toString(): string {
    return this.text;
  }
}

/**
 * The value of a request body, read as Go's decoder reads it: the first JSON value, whatever comes behind it; each number a `JsonNumber`. Throws `ApiError` 400
 * if there is none.
 */
export function parseBody(body: string): unknown {
  const text = firstValue(body.trim());
  if (text === "") throw new ApiError(400, "bad request body: EOF");
  try {
    const value: unknown = JSON.parse(text, numbersAsWritten);
    return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "invalid JSON";
    throw new ApiError(400, `bad request body: ${reason}`, { cause });
  }
}

/** Each number with its own text, which the parser hands over beside the value. */
function numbersAsWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? new JsonNumber(value, context?.source ?? String(value)) : value;
}

/** The text up to where its first object or array ends; all of it where it begins with something else or has no end. */
function firstValue(text: string): string {
  if (!/^[{[]/.test(text)) return text;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth === 0) return text.slice(0, index + token.length);
  }
  return text;
}
