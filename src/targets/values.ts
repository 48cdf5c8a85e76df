import { atPointer, isList, type Json } from "../core/json.ts";
import type { Conversion, ValuePath } from "../core/target.ts";
import type { ReadAnswer } from "./answer-text.ts";

/** The node that the system knows by an identity of its own, or null if none is known. */
export type NodeOf = (identity: string) => string | null;

/** A value, or why there is none. */
export type Found = { readonly value: Json } | { readonly problem: string };

/** Finds a value in an answer and makes of it what the target file says. Pure but for `nodeOf`. */
export function findValue(path: ValuePath, answer: ReadAnswer, nodeOf: NodeOf): Found {
  const found = placed(path, answer);
  if (found === undefined) {
    return path.absent ?? { problem: `the answer has no ${placeName(path)}` };
  }
  const isMany = path.each || (path.place.kind === "pointer" && path.place.pointer.includes("/*"));
  if (!isMany) return converted(found, path.as, nodeOf);
  if (!isList(found)) return { problem: `the answer has no list at ${placeName(path)}` };
  const items: Json[] = [];
  for (const item of found) {
    const one = converted(item, path.as, nodeOf);
    if ("problem" in one) return one;
    items.push(one.value);
  }
  return { value: items };
}

function placed({ place, each }: ValuePath, { text, json }: ReadAnswer): Json | undefined {
  if (place.kind === "pointer") return json === null ? undefined : valueAt(json.value, place.pointer);
  const pattern = new RegExp(place.pattern, "gm");
  if (each) return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
  return pattern.exec(text)?.[1];
}

function valueAt(body: Json, pointer: string): Json | undefined {
  const [before, after] = pointer.split("/*", 2);
  if (after === undefined) return atPointer(body, pointer);
  const list = atPointer(body, before ?? "");
  if (!isList(list)) return undefined;
  const items = list.map((item) => atPointer(item, after));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function converted(value: Json, conversions: readonly Conversion[], nodeOf: NodeOf): Found {
  let here = value;
  for (const conversion of conversions) {
    // What is not there cannot be made anything of: null stays null.
    if (here === null) return { value: null };
    const next = convert(here, conversion, nodeOf);
    if (next === undefined) return { problem: `${JSON.stringify(here).slice(0, 80)} cannot be read as ${conversion}` };
    here = next;
  }
  return { value: here };
}

/** One conversion, or undefined where the value does not allow it. */
function convert(value: Exclude<Json, null>, conversion: Conversion, nodeOf: NodeOf): Json | undefined {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  switch (conversion) {
    case "integer":
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "text":
      return text;
    case "base64":
      return isBase64(value) ? Buffer.from(value, "base64").toString("utf8") : undefined;
    case "hex": {
      const isExact = typeof value === "string" || Number.isSafeInteger(value);
      return isExact && /^\d+$/.test(text) ? BigInt(text).toString(16) : undefined;
    }
    case "node":
      return nodeOf(text);
  }
}

function isBase64(value: Json): value is string {
  return typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0;
}

function placeName({ place }: ValuePath): string {
  return place.kind === "pointer" ? place.pointer || "value" : `text that matches ${place.pattern}`;
}
