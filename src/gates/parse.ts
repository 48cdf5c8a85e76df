import type { ErrorObject } from "ajv";
import type { Finding } from "../core/decision.ts";
import { digest, type Json, parseJson } from "../core/json.ts";
import { cut } from "../core/printable.ts";
import { meantErrors } from "../core/schema-branch.ts";
import type { Shape } from "../core/shape.ts";
import { below, type Place, unusable } from "./place.ts";
import type { RawFile } from "./read-folder.ts";

/** So many of a file's errors are told: most follow from the first. */
const mostErrors = 5;

/** What a file came to: its content, or what is wrong with it. */
export interface Parsed<T> {
  readonly content: T | null;
  readonly findings: readonly Finding[];
}

/** The JSON in a file, or why there is none. */
export function jsonOf({ text, problem }: RawFile, place: Place): Parsed<{ readonly value: Json }> {
  const required = "a whole JSON document";
  const bad = (reason: string, measured: string): Parsed<never> => ({
    content: null,
    findings: [unusable(place, { reason, measured, required })],
  });
  if (text === null) return bad("the file cannot be read", problem);
  if (text.trim() === "") return bad("the file is empty", "0 characters");
  const parsed = parseJson(text);
  return parsed === null
    ? bad("the file is no JSON, or only a part of it", `ends in "${cut(text.trim().slice(-20))}"`)
    : { content: parsed, findings: [] };
}

/** A file of a given type, or each place in it that is not as that type says. */
export function parseAs<T>(raw: RawFile, place: Place, shape: Shape<T>): Parsed<T> {
  const { content, findings } = jsonOf(raw, place);
  if (content === null) return { content: null, findings };
  const { value } = content;
  if (shape.is(value))
    return isUnicode(raw.text ?? "") || hasDigest(value) ? { content: value, findings: [] } : noUnicode(place);
  const errors = meantErrors(shape.errors(value)).slice(0, mostErrors);
  const [first, ...others] = errors.map((error) => wrongType(error, place));
  const unnamed = {
    reason: "the file is of another format",
    measured: shown(value),
    required: "the contract's format",
  };
  return { content: null, findings: [first ?? unusable(place, unnamed), ...others] };
}

function noUnicode(place: Place): Parsed<never> {
  const said = { reason: "the file holds text that is no Unicode", measured: "half a character", required: "Unicode" };
  return { content: null, findings: [unusable(place, said)] };
}

/** Whether no escape in a text can stand for half a character; then nobody needs to look at its strings one by one. */
function isUnicode(text: string): boolean {
  return text.isWellFormed() && !/\\u[dD][89a-fA-F]/.test(text);
}

/** Whether seals can be computed over it: halves of characters have no canonical form. */
function hasDigest(value: unknown): boolean {
  try {
    return digest(value) !== "";
  } catch {
    return false;
  }
}

function wrongType(error: ErrorObject, place: Place): Finding {
  const here = below(place, ...error.instancePath.split("/").slice(1).map(unescaped));
  const { params, keyword } = error;
  if (keyword === "required") {
    const key = String(params["missingProperty"]);
    return unusable(below(here, key), { reason: `there is no ${key}`, measured: "absent", required: "present" });
  }
  const extra: unknown = params["additionalProperty"];
  if (typeof extra === "string") {
    const reason = `there is an unknown key, so that this is another format, or was edited`;
    return unusable(below(here, extra), { reason, measured: shown(valueIn(error.data, extra)), required: "absent" });
  }
  const reason = "the value is not what this field holds";
  return unusable(here, { reason, measured: shown(error.data), required: requirement(error) });
}

function requirement({ keyword, params, message }: ErrorObject): string {
  if (keyword === "const") return shown(params["allowedValue"]);
  if (keyword === "enum" && Array.isArray(params["allowedValues"]))
    return params["allowedValues"].map(shown).join(", ");
  return (message ?? "").replace(/^must (be )?/, "");
}

function valueIn(data: unknown, key: string): unknown {
  return typeof data === "object" && data !== null
    ? Object.entries(data).find(([name]) => name === key)?.[1]
    : undefined;
}

/** A value in few characters. */
export function shown(value: unknown): string {
  // JSON has no such number; a file that says 1e999 has.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return cut(JSON.stringify(value) ?? "absent", 80);
}

function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
