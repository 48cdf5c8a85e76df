import type { ErrorObject } from "ajv";
import { byteSizePattern, byteUnits } from "./byte-size.ts";
import { cut, quoted } from "./printable.ts";
import { allowedValues, branchesOf, isNode, nodeOf, type SchemaNode, textOf, textsOf } from "./schema-node.ts";
import { durationPattern, namePattern, ratePattern } from "./schema-parts.ts";
import { didYouMean } from "./suggest.ts";

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object (keys with values)",
  null: "empty",
};

/** What is wrong with a value, in words with the likely fix. */
export function valueWords(error: ErrorObject): string {
  const schema = nodeOf(error.parentSchema);
  const data: unknown = error.data;
  const what = `${nameOf(error.instancePath)} is ${valueText(data)}`;
  if (isDuration(schema) && (error.keyword === "pattern" || typeof data === "number"))
    return `${what}${durationFix(data)}`;
  if (schema["pattern"] === byteSizePattern) return `${what}${sizeFix(data)}`;
  if (schema["pattern"] === ratePattern && /^\d+(\.\d+)?$/.test(String(data))) {
    return `${what}, without a unit (did you mean ${String(data)}/s?)`;
  }
  const allowed = allowedValues(schema);
  if (allowed !== null) return `${what}, must be ${allowedText(data, allowed)}`;
  const { limit, comparison }: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case "type":
      return `${what}, must be ${kindText(schema)}${kindFix(data, schema)}`;
    case "anyOf":
    case "oneOf":
      return choiceWords(what, data, schema);
    case "pattern":
      return `${what}${patternFix(data, schema)}`;
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return `${what}, must be ${boundsText(schema) ?? `${String(comparison)} ${String(limit)}`}`;
    case "minLength":
      return `${nameOf(error.instancePath)} is ${data === "" ? "empty" : valueText(data)}, must have at least ${Number(limit)} ${Number(limit) === 1 ? "character" : "characters"}${example(schema)}`;
    case "minItems":
    case "minProperties":
      return Number(limit) === 1
        ? `${nameOf(error.instancePath)} is empty, must have at least one entry${example(schema)}`
        : `${what}, must have at least ${String(limit)} entries${example(schema)}`;
    case "maxItems":
    case "maxLength":
    case "maxProperties":
      return `${what}, may have at most ${String(limit)} entries`;
    case "uniqueItems":
      return `${what}, and an entry stands there twice: keep one`;
    default:
      return `${what}: it ${error.message ?? "is wrong"}${example(schema)}`;
  }
}

/** What a value is, short and safe to print. */
export function valueText(data: unknown): string {
  if (data === null || data === undefined) return "empty";
  if (typeof data === "string") return quoted(data);
  if (Array.isArray(data)) return data.length === 0 ? "an empty list" : `a list of ${data.length}`;
  if (isNode(data)) {
    const keys = Object.keys(data);
    return keys.length === 0
      ? "an empty object"
      : `an object with ${cut(keys.slice(0, 5).join(", "))}${keys.length > 5 ? " …" : ""}`;
  }
  return JSON.stringify(data) ?? "no value";
}

/** What may stand there by a schema, in a few words. */
export function kindText(schema: SchemaNode): string {
  if (isDuration(schema)) return "a time with its unit: ms, s, m or h";
  const allowed = allowedValues(schema);
  if (allowed !== null) return allowed.map(String).join(" or ");
  const branches = branchesOf(schema);
  if (branches.length > 3) return `one of: ${[...new Set(branches.map(titleText))].join(", ")}`;
  if (branches.length > 0) return [...new Set(branches.map(titleText))].join(" or ");
  const type: unknown = schema["type"];
  const types = typeof type === "string" ? [type] : textsOf(type);
  return types.length === 0 ? "another value" : types.map((one) => kinds[one] ?? one).join(" or ");
}

/** An example of the schema, as ` (as name: 5s)` or ` (as 5s)`; nothing where it has none. */
export function example(schema: SchemaNode, key: string | null = null): string {
  const examples: unknown = schema["examples"];
  const all: readonly unknown[] = Array.isArray(examples) ? examples : [];
  const [first = schema["default"]] = all.length > 0 ? all : (allowedValues(schema) ?? []);
  if (first === undefined) return "";
  const text = cut(plainText(first), 80);
  return ` (as ${key === null ? "" : `${key}: `}${text})`;
}

/** The key, with the indexes below it, of a pointer's place: `ports[1]`. */
export function nameOf(pointer: string): string {
  const parts = pointer.split("/").slice(1);
  const last = parts.findLastIndex((part) => !/^\d+$/.test(part));
  if (parts.length === 0) return "the file";
  const indexes = parts.slice(last + 1).map((part) => `[${part}]`);
  return `${last < 0 ? "entry " : cut((parts[last] ?? "").replaceAll("~1", "/").replaceAll("~0", "~"))}${indexes.join("")}`;
}

/** As it would be written in a file, on one line. */
export function plainText(value: unknown): string {
  const isPlain =
    typeof value === "string" &&
    /^[\p{L}][\p{L}\p{N} ._/-]*$/u.test(value) &&
    !/^(true|false|null|yes|no)$/i.test(value);
  if (isPlain || (typeof value === "string" && new RegExp(durationPattern).test(value))) return value;
  if (Array.isArray(value)) return `[${value.map(plainText).join(", ")}]`;
  if (isNode(value))
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${plainText(one)}`)
      .join(", ")} }`;
  return JSON.stringify(value) ?? "";
}

function choiceWords(what: string, data: unknown, schema: SchemaNode): string {
  const branches = branchesOf(schema);
  if (typeof data === "number" && branches.some(isDuration)) return `${what}${durationFix(data)}`;
  const objects = isNode(data) ? branches.filter((branch) => branch["type"] === "object") : [];
  if (objects.length === 0) return `${what}, must be ${kindText(schema)}${kindFix(data, schema)}`;
  return `${what}, which is none of what may stand here: ${objects.map(titleText).join(", ")}`;
}

function titleText(schema: SchemaNode): string {
  const title = textOf(schema["title"]);
  const constant: unknown = schema["const"];
  return title ?? (typeof constant === "string" ? `the word ${constant}` : kindText(schema));
}

function allowedText(data: unknown, allowed: readonly unknown[]): string {
  const names = allowed.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  const list = names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
  const near = typeof data === "string" ? didYouMean(data, names) : "";
  return `${list}${near.startsWith(" (") ? near : ""}`;
}

function boundsText(schema: SchemaNode): string | null {
  const { minimum, maximum } = schema;
  if (typeof minimum === "number" && typeof maximum === "number") return `from ${minimum} to ${maximum}`;
  if (typeof minimum === "number") return `at least ${minimum}`;
  return typeof maximum === "number" ? `at most ${maximum}` : null;
}

function isDuration(schema: SchemaNode): boolean {
  return schema["pattern"] === durationPattern;
}

const unitWords: readonly (readonly [RegExp, string])[] = [
  [/^(ms|msec|msecs|milliseconds?|millis)$/i, "ms"],
  [/^(s|sec|secs|seconds?)$/i, "s"],
  [/^(m|min|mins|minutes?)$/i, "m"],
  [/^(h|hr|hrs|hours?)$/i, "h"],
];

function durationFix(data: unknown): string {
  const general = ", must be a time with its unit: ms, s, m or h (as 250ms, 5s, 2m)";
  const match = /^\s*(\d*\.?\d+)\s*([a-z]*)\s*$/i.exec(typeof data === "string" ? data.slice(0, 40) : String(data));
  if (match === null) return general;
  const [, number = "", word = ""] = match;
  const plain = number.startsWith(".") ? `0${number}` : number;
  if (word === "") return `, without a unit (did you mean ${plain}s?)`;
  const unit = unitWords.find(([words]) => words.test(word))?.[1];
  return unit === undefined ? general : `, must be a number and ms, s, m or h (did you mean ${plain}${unit}?)`;
}

function sizeFix(data: unknown): string {
  const [, number = "", word = null] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(data).slice(0, 40)) ?? [];
  if (word === "") return `, without a unit (did you mean ${number}B?)`;
  const unit = byteUnits.find((one) => one.toLowerCase() === word?.toLowerCase());
  const fix = unit === undefined ? "as 256MiB" : `did you mean ${number}${unit}?`;
  return `, must be a size with its unit: ${byteUnits.join(", ")} (${fix})`;
}

function patternFix(data: unknown, schema: SchemaNode): string {
  const text = typeof data === "string" ? data : "";
  if (schema["pattern"] === namePattern)
    return `, must be lower-case letters, digits and hyphens, a letter first${nameFix(text)}`;
  if (schema["pattern"] === "^/") return `, must begin with / (did you mean /${cut(text)}?)`;
  const shown = example(schema);
  const meaning = textOf(schema["description"]);
  return `, which does not have the form it must have${shown}${shown === "" && meaning !== null ? `: ${meaning}` : ""}`;
}

/** " (did you mean my-name?)" for what can be made a name of ours. */
export function nameFix(text: string): string {
  const name = text
    .slice(0, 60)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[0-9-]+|-+$/g, "");
  return name === "" ? "" : ` (did you mean ${name}?)`;
}

function kindFix(data: unknown, schema: SchemaNode): string {
  const type: unknown = schema["type"];
  if (type === "string" && (typeof data === "number" || typeof data === "boolean"))
    return ` (did you mean "${String(data)}", in quotes?)`;
  if (
    (type === "integer" || type === "number") &&
    typeof data === "string" &&
    data.trim() !== "" &&
    Number.isFinite(Number(data))
  ) {
    return ` (did you mean ${Number(data)}, without quotes?)`;
  }
  if (type === "integer" && typeof data === "number") return ` (did you mean ${Math.round(data)}?)`;
  if (type === "boolean" && typeof data === "string" && /^(yes|on|true)$/i.test(data)) return " (did you mean true?)";
  if (type === "boolean" && typeof data === "string" && /^(no|off|false)$/i.test(data)) return " (did you mean false?)";
  if (type === "array" && (typeof data === "string" || typeof data === "number"))
    return ` (did you mean [${cut(String(data))}]?)`;
  return example(schema);
}
