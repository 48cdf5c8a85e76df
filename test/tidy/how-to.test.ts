import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { loadTarget } from "../../src/targets/load.ts";
import { targetSchema } from "../../src/targets/schema.ts";
import { root } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "how-to-"));
afterAll(() => rmSync(folder, { recursive: true }));
for (const file of ["tls/ca.pem", "tls/client.pem", "tls/client.key", "secrets/password"]) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), "x\n");
}

const page = readFileSync(join(root, "docs", "how-to", "write-a-target.md"), "utf8");
const examples = [...page.matchAll(/^## (.+?)$|^```yaml\n([\s\S]*?)^```$/gm)].reduce<{ title: string; text: string }[]>(
  (found, [, title, text]) => {
    if (text !== undefined) found.push({ title: found.at(-1)?.title ?? "", text });
    return title === undefined ? found : [...found, { title, text: "" }];
  },
  [],
);
const shown = examples.filter(({ text }) => text !== "");
const [first] = shown;

/** The names of all keys below a schema. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}

test("The page names every key of the language.", () => {
  const keys = new Set(keysOf(targetSchema));
  expect(keys.size).toBeGreaterThan(60);
  expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
});

test.each(shown.map(({ title, text }, index) => [index + 1, title, text] as const))(
  "Example %i of the page (%s) loads, whole or as a part of the first one.",
  (index, _title, text) => {
    const part = parse(text) as Record<string, unknown>;
    const whole = parse(first?.text ?? "") as Record<string, unknown>;
    const file = join(folder, `example-${index}.yaml`);
    const operations = { ...(whole["operations"] as object), ...(part["operations"] as object | undefined) };
    writeFileSync(file, stringify("name" in part ? part : { ...whole, ...part, operations }));
    expect(loadTarget(file).operations).toHaveProperty("health");
  },
);
