import { hash } from "node:crypto";
import { canonicalText } from "./canonical.ts";

/** What a JSON document can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object: what a parsed file, message or journal line is before it is checked. */
export type JsonObject = { readonly [key: string]: Json };

/** SHA-256, in hexadecimal, of the canonical form (RFC 8785) of a JSON value: equal for equal content, whatever the order of keys. */
export function digest(value: unknown): string {
  return hash("sha256", canonicalText(value));
}

/**
 * The value at an RFC 6901 pointer ("/peers/0/id"; "" is the whole document), or undefined where the document has no such place. Throws
 * nothing: a path that leads nowhere is an answer about the document.
 */
export function atPointer(document: Json, pointer: string): Json | undefined {
  let here: Json | undefined = document;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (here === null || typeof here !== "object" || !Object.hasOwn(here, key)) return undefined;
    here = isList(here) ? here[Number(key)] : isObject(here) ? here[key] : undefined;
  }
  return here;
}

/** Whether a JSON value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses text as JSON; null when it is none. */
export function parseJson(text: string): { readonly value: Json } | null {
  try {
    const value: Json = JSON.parse(text);
    return { value };
  } catch {
    return null;
  }
}
