import { expect, test } from "vitest";
import { lineCoverage } from "../../scripts/line-coverage.ts";

const text = [
  'import x from "x";',
  "// a comment",
  "function used() {",
  "  return 1;",
  "}",
  "",
  "function unused() {",
  "  return 2;",
  "}",
  "/* another",
  "   comment */",
  "used();",
].join("\n");
const at = (part: string): number => text.indexOf(part);
const range = (from: number, to: number, count: number) => ({ startOffset: from, endOffset: to, count });
const profile = (usedCount: number, unusedCount: number): (() => string) => {
  const functions = [
    { ranges: [range(0, text.length, 1)] },
    { ranges: [range(at("function used"), at("function unused"), usedCount)] },
    { ranges: [range(at("function unused"), at("/* another"), unusedCount)] },
  ];
  return () =>
    JSON.stringify({
      result: [
        { url: "file:///a.js", functions },
        { url: "node:fs", functions: [] },
      ],
    });
};
const files = new Map([["file:///a.js", text]]);
const of = (...profiles: readonly (() => string)[]) => lineCoverage(files, profiles).get("file:///a.js");

test("Lines of code count, executed by the innermost range around them.", () => {
  expect(of(profile(1, 0))).toEqual({ lines: 5, covered: 3 });
  expect(of(profile(0, 0))).toEqual({ lines: 5, covered: 1 });
});

test("What any process executed counts, and what only some did is not lost.", () => {
  expect(of(profile(1, 0), profile(0, 1))).toEqual({ lines: 5, covered: 5 });
});

test("A file that no process loaded is not covered at all.", () => {
  expect(of()).toEqual({ lines: 5, covered: 0 });
});
