import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { redactFile } from "./redact-file.ts";
import { redaction } from "./redaction.ts";

const secret = `s3ntinel/"of"+a <test> & ä?`;
const hide = redaction([secret]);
const folder = mkdtempSync(join(tmpdir(), "redaction-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program may print of a secret; each must go. */
const printed: Readonly<Record<string, string>> = {
  "as it is": secret,
  "in JSON": JSON.stringify({ token: secret }),
  "in JSON inside of JSON": JSON.stringify({ body: JSON.stringify({ token: secret }) }),
  "in JSON of PHP": JSON.stringify(secret).replaceAll("/", "\\/").replaceAll("ä", "\\u00e4"),
  "in JSON of Go": JSON.stringify(secret).replaceAll(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  "in JSON of Python": JSON.stringify({ token: secret }).replaceAll("ä", "\\u00e4"),
  "in JSON of Java": JSON.stringify({ token: secret }).replaceAll("ä", "\\u00E4"),
  "in HTML of Go": secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&#34;"),
  "in the text of an element": secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  "in HTML": `<td>${secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")}</td>`,
  "in a URL": `https://host/?token=${encodeURIComponent(secret)}`,
  "in a form": new URLSearchParams({ token: secret }).toString(),
  "in hexadecimal": Buffer.from(secret).toString("hex"),
  "in upper-case hexadecimal": Buffer.from(secret).toString("hex").toUpperCase(),
  "in base64": Buffer.from(secret).toString("base64"),
  "in base64 for URLs": Buffer.from(secret).toString("base64url"),
  "in base64 after a user": Buffer.from(`chaos:${secret}`).toString("base64"),
  "in base64 between other bytes": Buffer.from(`ab:${secret}:cd`).toString("base64"),
  "in base64 for URLs after one byte": Buffer.from(`x${secret}`).toString("base64url"),
};

/** Pieces of the secret in no form may be left, but what base64 has of it in the two characters at its ends. */
const traces = ["s3ntinel", "73336e74696e656c", "73336E74696E656C", ...[0, 1, 2].map(inBase64)];

function inBase64(before: number): string {
  const all = Buffer.from(`${"x".repeat(before)}s3ntinel/"of"+a`).toString("base64");
  return all.slice(4, 12);
}

test.each(Object.entries(printed))("A secret is taken out %s.", (_form, text) => {
  expect(traces.some((trace) => text.includes(trace))).toBe(true);
  const left = hide.text(`before ${text} after`);
  expect(traces.filter((trace) => left.includes(trace))).toEqual([]);
  expect(left).toMatch(/^before .* after$/s);
});

test("Both alphabets of base64 are known, wherever the secret begins.", () => {
  const one = "~~~>>>???\u00FF\u00FF~?>~?>";
  for (const before of ["", "a", "ab", "abc"]) {
    const bytes = Buffer.from(`${before}${one}`);
    for (const form of [bytes.toString("base64"), bytes.toString("base64url")]) {
      expect(form).toMatch(/[+/_-]/);
      expect(redaction([one]).text(form).replace("‹secret›", "").length).toBeLessThan(9);
    }
  }
});

test("What is no secret is left as it is, in text, JSON and files.", () => {
  const text = 'leader n1, term 3, "sentinel", c2VudGluZWw=';
  expect(hide.text(text)).toBe(text);
  expect(hide.json({ a: [1, null, text], b: { c: true } })).toEqual({ a: [1, null, text], b: { c: true } });
  const file = join(folder, "clean");
  writeFileSync(file, text);
  expect(redactFile(file, hide)).toBe(false);
});

test("Keys and values of JSON hold none.", () => {
  expect(JSON.stringify(hide.json({ [secret]: { deep: [`x ${secret}`] } }))).not.toContain("s3ntinel");
});

test("A secret that is a part of another one leaves nothing of it.", () => {
  expect(redaction(["abcdef", "abcdef-and-more"]).text("abcdef-and-more abcdef")).toBe("‹secret› ‹secret›");
});

test("Too short a secret is left: it would take ordinary words apart. None at all changes nothing.", () => {
  expect(redaction(["chaos", ""]).text("chaos in chaos")).toBe("chaos in chaos");
  expect(redaction([]).text("x")).toBe("x");
});

test("Lines of a key that a log broke apart are taken out one by one.", () => {
  const key = `-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAsentinelsentinel\n-----END PRIVATE KEY-----\n`;
  const log = `n1: -----BEGIN PRIVATE KEY-----\nn1: MC4CAQAwBQYDK2VwBCIEIAsentinelsentinel\n`;
  expect(redaction([key]).text(log)).not.toContain("sentinel");
});

test("In a file of any bytes and size all are found, also where pieces of it meet, and the rest stays byte for byte.", () => {
  const file = join(folder, "log");
  const noise = Buffer.from(Array.from({ length: 256 }, (_one, index) => index));
  const mega = 1024 * 1024;
  for (const at of [0, 1, 300, mega - 20, mega - 1, mega, mega + 1, 2 * mega - 7]) {
    const before = Buffer.alloc(at, noise);
    const after = Buffer.alloc(1000, noise);
    writeFileSync(file, Buffer.concat([before, Buffer.from(secret), after, Buffer.from(secret)]));
    expect(redactFile(file, hide)).toBe(true);
    const mark = Buffer.from("‹secret›");
    expect(readFileSync(file).equals(Buffer.concat([before, mark, after, mark]))).toBe(true);
  }
});
