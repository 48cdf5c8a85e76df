import { isList, isObject, type Json } from "./json.ts";

/** What stands in place of a secret. */
const hidden = "‹secret›";

/** Shorter secrets, in characters, cannot be taken out by value: they are a part of ordinary words and numbers. */
export const shortestSecret = 6;

/** Takes secrets out of what is said and written, by value and in every form in which a program may print one. */
export interface Redaction {
  text(said: string): string;
  json(said: Json): Json;
  /** The same of bytes that may be of any encoding; null where they hold none, and at most `carry` bytes at their end may be the beginning of one. */
  readonly latin1: (said: string) => Redacted;
  /** Length of the longest form, in bytes; 0 where there is no secret. */
  readonly longestBytes: number;
}

/** Text of which one character is one byte, without secrets, and how much of its end was left for later. */
export interface Redacted {
  readonly text: string;
  /** Whether anything was taken out. */
  readonly isChanged: boolean;
  /** The end, in which a secret may begin. */
  readonly rest: string;
}

/** Takes these values out: as they are, in base64 at any place in it, in hexadecimal, percent-encoded, and escaped as in JSON, HTML or XML. */
export function redaction(secrets: readonly string[]): Redaction {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf))];
  const bytes = forms.map((form) => Buffer.from(form).toString("latin1"));
  const longestBytes = Math.max(0, ...bytes.map(({ length }) => length));
  if (forms.length === 0) {
    return {
      text: (said) => said,
      json: (said) => said,
      latin1: (text) => ({ text, isChanged: false, rest: "" }),
      longestBytes,
    };
  }
  const [inText, inBytes] = [anyOf(forms), anyOf(bytes)];
  const mark = Buffer.from(hidden).toString("latin1");
  const text = (said: string): string => said.replaceAll(inText, hidden);
  const json = (said: Json): Json => {
    if (typeof said === "string") return text(said);
    if (isList(said)) return said.map(json);
    if (!isObject(said)) return said;
    return Object.fromEntries(Object.entries(said).map(([key, item]) => [text(key), json(item)]));
  };
  const latin1 = (said: string): Redacted => {
    let end = 0;
    for (const found of said.matchAll(inBytes)) end = found.index + found[0].length;
    const cutAt = Math.max(end, said.length - longestBytes + 1);
    return { text: said.slice(0, cutAt).replaceAll(inBytes, mark), isChanged: end > 0, rest: said.slice(cutAt) };
  };
  return { text, json, latin1, longestBytes };
}

/** The longest first: a form may be a part of another. */
function anyOf(forms: readonly string[]): RegExp {
  const longestFirst = forms.toSorted((left, right) => right.length - left.length);
  return new RegExp(longestFirst.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join("|"), "g");
}

/** Every form in which a secret may be written. Of several lines each long one counts as well: logs break them apart. */
export function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith("-----"));
  return [secret, ...(secret.includes("\n") ? lines : [])].flatMap((one) => {
    const bytes = Buffer.from(one);
    const hex = bytes.toString("hex");
    const all = [
      one,
      // JSON inside of JSON: an answer that is kept as text.
      ...jsonForms(one).flatMap((json) => [json, JSON.stringify(json).slice(1, -1)]),
      ...markupForms(one),
      hex,
      hex.toUpperCase(),
      ...percentForms(one, bytes),
      ...base64Forms(bytes),
    ];
    return all.filter((form) => form.length >= shortestSecret);
  });
}

/** As JSON has it: with what must be escaped, and with what programs escape beside it: slashes (PHP), markup (Go), all but ASCII (Python). */
function jsonForms(text: string): readonly string[] {
  const escapes = [/\//g, /[&<>]/g, /[^\u0020-\u007E]/g];
  const plain = JSON.stringify(text).slice(1, -1);
  return escapes.reduce<readonly string[]>(
    (forms, escaped) => [
      ...new Set(
        forms.flatMap((form) => [
          form,
          ...["lower", "upper"].map((digits) => form.replaceAll(escaped, (one) => jsonEscape(one, digits === "upper"))),
        ]),
      ),
    ],
    [plain],
  );
}

function jsonEscape(one: string, isUpper: boolean): string {
  if (one === "/") return String.raw`\/`;
  const digits = one.charCodeAt(0).toString(16).padStart(4, "0");
  return String.raw`\u${isUpper ? digits.toUpperCase() : digits}`;
}

/** As HTML and XML have it: by name, and as numbers for quotes, which programs write in four ways. */
function markupForms(text: string): readonly string[] {
  const [amp, brackets] = [{ "&": "&amp;" }, { "<": "&lt;", ">": "&gt;" }];
  const quotes = [
    { '"': "&quot;", "'": "&#39;" },
    { '"': "&#34;", "'": "&#39;" },
    { '"': "&quot;", "'": "&#x27;" },
    { '"': "&quot;", "'": "&apos;" },
    {},
  ];
  return quotes.map((quote) => {
    const named: Readonly<Record<string, string>> = { ...amp, ...brackets, ...quote };
    return text.replaceAll(/[&<>"']/g, (one) => named[one] ?? one);
  });
}

/** As URLs and forms have it: what must be escaped, or all but letters and digits, in digits of either case; a space as a plus. */
function percentForms(text: string, bytes: Buffer): readonly string[] {
  const strict = [...bytes]
    .map((byte) => {
      const one = String.fromCodePoint(byte);
      return /[A-Za-z0-9]/.test(one) ? one : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
  const usual = text.isWellFormed() ? encodeURIComponent(text) : strict;
  const lower = (form: string): string => form.replaceAll(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
  const both = [usual, strict, usual.replaceAll("%20", "+")];
  return [...both, ...both.map(lower)];
}

/** What is left of a secret in base64, whatever stands before it: three ways for its bytes to fall into groups, in both alphabets. */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // Characters at the ends hold bits of what stands beside it.
    const own = all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
