import { readFileSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { HarnessError, systemCodeOf } from "./harness-error.ts";
import { type Json, parseJson } from "./json.ts";

const largestFileBytes = 1024 * 1024;

/** A YAML or JSON file as read, with a way back from a place in it to line and column. */
export interface SourceDocument {
  readonly file: string;
  readonly value: Json;
  /** `file:line:column` of the value at an RFC 6901 pointer; of the nearest enclosing one where the pointer leads nowhere. */
  place(pointer: string): string;
  /** The same of the key under which that value stands. */
  placeOfKey(pointer: string): string;
  /** Something wrong with the value at a pointer. */
  problem(pointer: string, message: string): Problem;
  /** Something wrong with the key under which that value stands. */
  problemOfKey(pointer: string, message: string): Problem;
}

/** Something wrong with a file: where, and what to do about it. */
export interface Problem {
  readonly place: string;
  readonly message: string;
}

/** Reads and parses a file. Throws `HarnessError` (exit 64) for one that is missing, too large (over 1 MiB), empty or no YAML. */
export function readDocument(file: string): SourceDocument {
  const text = readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true, version: "1.2" });
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  const broken = document.errors.map(({ pos, message }) => ({ place: at(pos[0]), message: firstLine(message) }));
  if (broken.length > 0) throw invalid(file, broken);
  const plain = parseJson(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? "null");
  if (plain === null || plain.value === null) {
    throw invalid(file, [{ place: `${file}:1:1`, message: "the file is empty" }]);
  }
  const place = (pointer: string): string => at(offsetOf(document, pointer));
  const placeOfKey = (pointer: string): string => at(keyOffsetOf(document, pointer));
  return {
    file,
    value: plain.value,
    place,
    placeOfKey,
    problem: (pointer, message) => ({ place: place(pointer), message }),
    problemOfKey: (pointer, message) => ({ place: placeOfKey(pointer), message }),
  };
}

/** Compiles a JSON Schema into the type guard of what it describes. */
export function compileSchema<T>(schema: object): ValidateFunction<T> {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  // For readers, not for validation: what `explain` says of a value's unit.
  return ajv.addKeyword("x-unit").compile<T>(schema);
}

/** The error that tells every problem of a file at once (exit 64). */
export function invalid(file: string, problems: readonly Problem[]): HarnessError {
  const lines = problems.map(({ place, message }) => `  ${place}: ${message}`);
  return new HarnessError(`${file} is not valid:\n${lines.join("\n")}`, {
    code: "invalid-file",
    exit: "usage",
    next: `correct ${problems.length === 1 ? "that place" : `these ${problems.length} places`} and run the command again`,
  });
}

/** What a schema found, in words with the likely fix, each at its place. */
export function schemaProblems(document: SourceDocument, errors: readonly ErrorObject[]): readonly Problem[] {
  const specific = errors.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "oneOf" && keyword !== "if");
  const told = specific.length > 0 ? specific : errors;
  return told.map((error) => {
    const unknown: unknown = error.params["additionalProperty"];
    const key = error.instancePath === "" ? "the file" : error.instancePath.slice(1).replaceAll("/", ".");
    const what = typeof unknown === "string" ? `unknown key "${unknown}"` : `${key} ${error.message ?? "is wrong"}`;
    const allowed: unknown = error.params["allowedValues"];
    const list = Array.isArray(allowed) ? `: ${allowed.join(", ")}` : "";
    const place =
      typeof unknown === "string"
        ? document.placeOfKey(`${error.instancePath}/${unknown}`)
        : document.place(error.instancePath);
    return { place, message: `${what}${list}` };
  });
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > largestFileBytes) {
      throw invalid(file, [{ place: file, message: `the file has ${bytes.length} bytes; at most 1 MiB is read` }]);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (thrown) {
    if (thrown instanceof HarnessError) throw thrown;
    const reason = systemCodeOf(thrown) === "ENOENT" ? "there is no such file" : "it cannot be read as UTF-8 text";
    throw new HarnessError(`${file}: ${reason}`, {
      code: "unreadable-file",
      exit: "usage",
      next: "check the path",
      cause: thrown,
    });
  }
}

function keyOffsetOf(document: Document, pointer: string): number {
  const path = pathOf(pointer);
  const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(holder)
    ? holder.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
    : null;
  return isNode(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, pointer);
}

function pathOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function offsetOf(document: Document, pointer: string): number {
  const path = pathOf(pointer);
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const found = length === 0 ? document.contents : document.getIn(part, true);
    if (isNode(found) && found.range) return found.range[0];
  }
  return 0;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.replace(/ at line .*$/, "") ?? text;
}
