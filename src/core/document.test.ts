import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Type } from "typebox";
import { afterAll, expect, test } from "vitest";
import { compileSchema, invalid, readDocument, schemaProblems } from "./document.ts";
import { HarnessError } from "./harness-error.ts";
import { closed, durationText, nameText } from "./schema-parts.ts";

const folder = mkdtempSync(join(tmpdir(), "document-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "my.yaml");

function read(text: string | Uint8Array): ReturnType<typeof readDocument> {
  writeFileSync(file, text);
  return readDocument(file);
}

/** What a schema says of a text, as one message; empty where nothing. */
function told(text: string, schema: object): string {
  const document = read(text);
  const validate = compileSchema(schema);
  if (validate(document.value)) return "";
  return invalid(file, schemaProblems(document, validate.errors ?? [])).message.replaceAll(`${file}:`, "");
}

/** What reading a text says; empty where it is read. */
function refused(text: string | Uint8Array): string {
  try {
    read(text);
    return "";
  } catch (thrown) {
    if (!(thrown instanceof HarnessError)) throw thrown;
    return thrown.message.replaceAll(`${file}:`, "");
  }
}

const step = Type.Union([
  Type.Object(
    { inject: Type.String(), for: durationText({ description: "x", examples: ["5s"] }) },
    { ...closed, title: "inject" },
  ),
  Type.Object({ kind: Type.Literal("pause"), ms: Type.Integer() }, { ...closed, title: "pause" }),
  Type.Object({ kind: Type.Literal("resume"), note: Type.String() }, { ...closed, title: "resume" }),
]);

test("What harms nobody is read: a BOM, Windows' line ends, anchors, comments and commas too many in JSON.", () => {
  expect(read("\ufeffa: 1\r\nb: 2\r\n").value).toEqual({ a: 1, b: 2 });
  expect(read("a: &x [1]\nb: *x\n").value).toEqual({ a: [1], b: [1] });
  expect(read('{\n  # why\n  "a": [1, 2,],\n}\n').value).toEqual({ a: [1, 2] });
});

test("Every problem is told once, in the file's order, twenty at most.", () => {
  const schema = Type.Object({}, closed);
  const text = Array.from({ length: 25 }, (_, index) => `k${index}: 1`).join("\n");
  const message = told(text, schema);
  expect(message).toMatch(/not valid, 25 problems:\n {2}1:1: unknown key "k0"/);
  expect(message.match(/unknown key/g)).toHaveLength(20);
  expect(message).toMatch(/\n {2}and 5 more$/);
});

test("A mistake in an anchor is told once, where it is written, however many aliases lead there.", () => {
  const schema = Type.Record(Type.String(), Type.Array(Type.Integer()));
  expect(told("a: &x [one]\nb: *x\nc: *x\n", schema)).toMatch(
    /1 problem:\n {2}1:8: a\[0\] is "one", must be a whole number/,
  );
});

test.each([
  [
    "the one whose constant matches",
    "- { kind: pause, ms: x }",
    /1 problem:\n {2}1:22: ms is "x", must be a whole number/,
  ],
  [
    "the one whose required key is there",
    "- { inject: kill, for: 5 }",
    /1 problem:\n {2}1:24: for is 5, without a unit/,
  ],
  [
    "the one whose required key is misspelt",
    "- { injct: kill, for: 5s }",
    /1 problem:\n.*unknown key "injct" \(did you mean inject\?\)/,
  ],
  [
    "none, and then what may stand there",
    "- { other: 1 }",
    /1 problem:\n.*none of what may stand here: inject, pause, resume/,
  ],
])("Of alternatives is told %s.", (_what, text, message) => {
  expect(told(text, Type.Array(step))).toMatch(message);
});

test.each([
  ["wait: 5", /wait is 5, without a unit \(did you mean 5s\?\)/],
  ["wait: 5 Sec", /wait is "5 Sec", must be a number and ms, s, m or h \(did you mean 5s\?\)/],
  ["wait: soon", /wait is "soon", must be a time with its unit/],
  ["name: My_Name", /name is "My_Name".*\(did you mean my-name\?\)/],
  ["on: yes", /on is "yes", must be true or false \(did you mean true\?\)/],
  ["share: 1.5", /share is 1\.5, must be from 0 to 1/],
  ["list: [a, a]", /an entry stands there twice/],
])("The fix of `%s` is said.", (text, message) => {
  const options = { description: "x", examples: ["5s"] } as const;
  const schema = Type.Object(
    {
      wait: Type.Optional(durationText(options)),
      name: Type.Optional(nameText({ ...options, examples: ["a"] })),
      on: Type.Optional(Type.Boolean()),
      share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
      list: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
    },
    closed,
  );
  expect(told(text, schema)).toMatch(message);
});

test("The line is shown with a caret under the place, whatever stands before it.", () => {
  const schema = Type.Record(Type.String(), Type.Integer());
  expect(told("{ 日本: 1, é: x }", schema)).toMatch(/\n {5}1 \| \{ 日本: 1, é: x \}\n {7}\| {15}\^$/);
  const long = `{ ${"a".repeat(300)}: x }`;
  const [, , line = "", caret = ""] = told(long, schema).split("\n");
  expect(line.length).toBeLessThan(150);
  expect(line[caret.indexOf("^")]).toBe("x");
});

test("A problem has its parts for programs.", () => {
  const document = read("a:\n  b: 1\n");
  const error = invalid(file, [document.problem("/a/b", "is wrong")]);
  expect(error.problems).toEqual([{ file, line: 2, column: 6, message: "is wrong", pointer: "/a/b" }]);
  expect(document.place("/a/b/c")).toBe(`${file}:2:6`);
  expect(document.placeOfKey("/a/b")).toBe(`${file}:2:3`);
});

const megabyte = 1024 * 1024;
const hostile: readonly (readonly [string, string, RegExp])[] = [
  ["brackets that open", "[".repeat(megabyte), /more than 32 deep/],
  ["brackets that close", "]".repeat(megabyte), /closes what was never opened/],
  ["lists on one line", "- ".repeat(megabyte / 2), /more than 32 deep/],
  ["tags", "!x ".repeat(megabyte / 3), /the tag "!x" is not read/],
  ["anchors", "&a ".repeat(megabyte / 3), /only one anchor/],
  ["colons", "a: ".repeat(megabyte / 3), /more than 32 deep/],
  [
    "depth by indentation",
    Array.from({ length: 1300 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"),
    /more than 32 deep/,
  ],
  [
    "many keys, one of them twice",
    `${Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`).join("\n")}\nk7: 1`,
    /"k7" stands here a second time/,
  ],
];

test.each(hostile)(
  "A file of 1 MiB of %s is refused in a few seconds, and at once it is told why.",
  (_what, text, message) => {
    expect(refused(text)).toMatch(message);
  },
);
