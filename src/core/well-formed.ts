import { isList, isObject, type Json } from "./json.ts";

/** JSON with every half of a character replaced: a system may answer one, and no digest, no UTF-8 file and no page can hold it. */
export function wellFormed(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (isList(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]));
}
