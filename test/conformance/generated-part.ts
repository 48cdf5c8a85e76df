import { format } from "prettier";

/** A page with other lines between the marks of one of its parts. Throws if the part is not there. */
export async function withPart(page: string, part: string, lines: readonly string[]): Promise<string> {
  const [from, to] = [`<!-- begin: ${part} -->`, `<!-- end: ${part} -->`];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start === -1 || end < start) throw new Error(`the page has no part ${part}`);
  const whole = [page.slice(0, start + from.length), "", ...lines, "", page.slice(end)].join("\n");
  return format(whole, { parser: "markdown", printWidth: 120 });
}
