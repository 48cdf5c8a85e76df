import { parseJson } from "../../core/json.ts";
import type { Content } from "./source.ts";
import { parseXml } from "./xml.ts";

/** What a text is, told by how it begins; null: it is empty, or broken. A byte-order mark before it says nothing. */
export function contentOf(text: string): Content | null {
  // White space, to JavaScript, is also that mark.
  const begin = text.trimStart();
  if (begin === "") return null;
  if (begin.startsWith("<")) {
    const root = parseXml(begin);
    return root === null ? null : { kind: "xml", root };
  }
  const json = parseJson(begin);
  if (json !== null) return { kind: "json", value: json.value };
  if (/^[[{"]/.test(begin)) return null;
  return { kind: "lines", lines: begin.split(/\r?\n/) };
}
