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
  // Most of a report are pairs of numbers, which have no keys to put in order.
  if (isOfNumbers(list)) return JSON.stringify(list);
  let text = "";
  for (const one of list) text += text === "" ? canonicalText(one) : `,${canonicalText(one)}`;
  return `[${text}]`;
}

/** Whether a list holds nothing but numbers and such lists. */
function isOfNumbers(list: readonly unknown[]): boolean {
  return list.every((one) => (typeof one === "number" ? Number.isFinite(one) : Array.isArray(one) && isOfNumbers(one)));
}

function objectText(value: object): string {
  let text = "";
  // As it is without a comparison of its own: in the order of UTF-16 units, as the standard says.
  for (const key of Object.keys(value).sort()) {
    const one: unknown = Reflect.get(value, key);
    if (one !== undefined) text += `${text === "" ? "" : ","}${named(key)}${canonicalText(one)}`;
  }
  return `{${text}}`;
}

/** The keys met so far, as they are written: reports have few, again and again. */
const names = new Map<string, string>();
const mostNames = 1000;

function named(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = `${quoted(key)}:`;
  if (names.size < mostNames) names.set(key, name);
  return name;
}

function quoted(text: string): string {
  // Nothing of most texts needs an escape.
  if (/^[\w .-]*$/.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError("half a character has no canonical form");
  return JSON.stringify(text);
}
