import { expect, test } from "vitest";
import { type Alteration, type FileChange, fileChange } from "./file-change.ts";
import { randomStream } from "./random.ts";

const changeOf = (how: Alteration, content: string, options: { readonly skip?: number; readonly seed?: string } = {}) =>
  fileChange(how, {
    name: "blocks/a",
    bytes: Buffer.from(content),
    skipBytes: options.skip ?? 0,
    random: randomStream(options.seed ?? "seed", "f"),
  });

/** The content as a change leaves it. */
function altered(content: string, change: FileChange | null): string {
  const bytes = Buffer.from(content);
  if (change === null) return content;
  if (change.thenBytes < change.sizeBytes) return bytes.subarray(0, change.thenBytes).toString();
  bytes.write(change.now, change.offset, "base64");
  return bytes.toString();
}

test("The same seed alters the same place, another seed another, and what stood there is kept.", () => {
  const content = "x".repeat(10_000);
  expect(changeOf("flip-bit", content)).toEqual(changeOf("flip-bit", content));
  expect(changeOf("flip-bit", content, { seed: "other" })?.offset).not.toBe(changeOf("flip-bit", content)?.offset);
  expect(changeOf("flip-bit", content)).toMatchObject({ was: Buffer.from("x").toString("base64"), sizeBytes: 10_000 });
});

test("A flipped bit is one bit, and never in the header.", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const change = changeOf("flip-bit", "headerAB", { skip: 6, seed: String(seed) });
    const [was = 0, now = 0] = [change?.was, change?.now].map((text) => Buffer.from(text ?? "", "base64")[0] ?? 0);
    expect(Math.log2(was ^ now) % 1).toBe(0);
    expect(change?.offset).toBeGreaterThanOrEqual(6);
  }
});

test("A file that is cut keeps its header and some content, and loses some; an emptied one keeps nothing.", () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const change = changeOf("cut", "headerABCD", { skip: 6, seed: String(seed) });
    expect(change?.thenBytes).toBeGreaterThan(6);
    expect(change?.thenBytes).toBeLessThan(10);
    expect(`headerABCD`.slice(0, change?.thenBytes) + Buffer.from(change?.was ?? "", "base64").toString()).toBe(
      "headerABCD",
    );
  }
  expect(changeOf("empty", "headerABCD", { skip: 6 })).toMatchObject({ thenBytes: 0, offset: 0 });
});

test.each<readonly [string, Alteration, string, number]>([
  ["a flip where there is only a header", "flip-bit", "header", 6],
  ["a cut of a single byte", "cut", "headerA", 6],
  ["an empty file that is to be emptied", "empty", "", 0],
  ["a file of one record", "alter-record", '{"a":"b"}\n', 0],
  ["records without any text", "alter-record", '{"a":1}\n{"a":2}\n', 0],
])("There is nothing to alter: %s.", (_what, how, content, skip) => {
  expect(changeOf(how, content, { skip })).toBe(null);
});

test("An altered record is another one, still JSON of the same keys, and never the last; a torn end is left alone.", () => {
  const records = ["ü1", "b2", "c3"].map((what, seq) => JSON.stringify({ seq, what, detail: { by: "n1" } }));
  const content = `${records.join("\n")}\n{"torn`;
  for (let seed = 0; seed < 100; seed += 1) {
    const lines = altered(content, changeOf("alter-record", content, { seed: String(seed) })).split("\n");
    const changed = lines.flatMap((line, index) => (line === records[index] || index > 2 ? [] : [index]));
    expect(changed).toHaveLength(1);
    expect([0, 1]).toContain(changed[0]);
    expect(Object.keys(JSON.parse(lines[changed[0] ?? 0] ?? "") as object)).toEqual(["seq", "what", "detail"]);
    expect(lines.slice(2)).toEqual([records[2], '{"torn']);
  }
});
