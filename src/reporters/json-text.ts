import canonicalize from "canonicalize";
import { inertJson } from "../core/inert.ts";

/**
 * A JSON document with its keys in order, indented by two, with a newline at the end: equal content gives equal bytes. What a CI's log
 * reader would take for a command is escaped.
 */
export function jsonText(value: unknown): string {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError("only JSON has a text");
  const ordered: unknown = JSON.parse(canonical);
  return `${inertJson(JSON.stringify(ordered, null, 2))}\n`;
}
