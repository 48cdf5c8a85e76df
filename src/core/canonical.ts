/**
 * The canonical form (RFC 8785) of a JSON value: keys in order, numbers and strings as JSON.stringify writes them. Written out here because
 * a gate digests every report of a campaign, and the library takes twice the time; a test holds it against the library. Keys without a value
 * are left out. Throws `TypeError` for what is no JSON, or no Unicode.
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      if (Number.isFinite(value)) return String(value);
      break;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? listText(value) : objectText(value);
    default:
  }
  throw new TypeError(`${typeof value} ${String(value)} is no JSON`);
}

function listText(list: readonly unknown[]): string {
  // Most of a report are pairs of numbers, which join writes as they are.
  if (list.every((one) => typeof one === "number" && Number.isFinite(one))) return `[${list.join(",")}]`;
  let text = "";
  for (const one of list) text += text === "" ? canonicalText(one) : `,${canonicalText(one)}`;
  return `[${text}]`;
}

function objectText(value: object): string {
  const entries: Readonly<Record<string, unknown>> = { ...value };
  let text = "";
  // As it is without a comparison of its own: in the order of UTF-16 units, as the standard says.
  for (const key of Object.keys(entries).sort()) {
    const one = entries[key];
    if (one !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${canonicalText(one)}`;
  }
  return `{${text}}`;
}

function quoted(text: string): string {
  // Nothing of most keys needs an escape.
  if (/^[\w .-]*$/.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError("half a character has no canonical form");
  return JSON.stringify(text);
}
