/** What a terminal might act on, or a reader not see: controls, bidirectional marks and other formatting, halves of pairs, line breaks. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** Text that is safe on a terminal and has no line breaks: what cannot be seen is written out, as \u001b. */
export function printable(text: string): string {
  return text.replaceAll(unseen, (one) => {
    if (one === "\n") return "\\n";
    if (one === "\t") return "\\t";
    return `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** The same, at most so many characters long. */
export function cut(text: string, longest = 60): string {
  // Cut twice: escapes make a text longer, and a long one is not worth escaping whole.
  const safe = printable(text.slice(0, longest + 1));
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}

/** A text of a user's file as it is quoted in a message: in quotes, safe and short. */
export function quoted(text: string): string {
  return `"${cut(text)}"`;
}
