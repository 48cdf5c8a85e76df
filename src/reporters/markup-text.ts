import { cut, printable } from "../core/printable.ts";
import { escapeHtml } from "./escape-html.ts";

/**
 * What a system under test says, as text or attribute of XML and HTML, on one line: no markup, nothing that XML 1.0 forbids (written out,
 * as \u001b), and nothing that a CI's log reader takes for a command.
 */
export function markupText(text: string): string {
  const legal = printable(text).replaceAll(
    /[\ufffe\uffff]/g,
    (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
  return escapeHtml(legal).replaceAll("##[", "#&#35;[");
}

/** The same, at most so many characters long, as code: nobody is mentioned by it, and no number becomes a link. */
export function codeText(text: string, longest = 300): string {
  return `<code>${markupText(cut(text, longest))}</code>`;
}
