import { canonicalText } from "../core/canonical.ts";
import { inertJson } from "../core/inert.ts";

/**
 * A JSON document with its keys in order, indented by two, with a newline at the end: equal content gives equal bytes. What a CI's log
 * reader would take for a command is escaped. Throws `TypeError` for what is no JSON.
 */
export function jsonText(value: unknown): string {
  const ordered: unknown = JSON.parse(canonicalText(value));
  return `${inertJson(JSON.stringify(ordered, null, 2))}\n`;
}
