import { type Json, parseJson } from "../core/json.ts";
import type { Answering } from "../core/target.ts";

/** An answer as its operation reads it: its code, its text, and its JSON where it is JSON (null: it is not, or is not to be). */
export interface ReadAnswer {
  readonly code: number | null;
  readonly text: string;
  readonly json: { readonly value: Json } | null;
}

/** Reads an answer's text as its operation says. */
export function readAnswer({ answer }: Answering, code: number | null, text: string): ReadAnswer {
  return { code, text, json: answer === "json" ? parseJson(text) : null };
}
