import { expect, test } from "vitest";
import { inert } from "./inert.ts";

const step = { isActions: true, summaryFile: null, workspace: null };

test.each([
  ["::set-output name=a::b", "\\::set-output name=a::b"],
  ["fine\n  ::error::x", "fine\n  \\::error::x"],
  ["fine\r::error::x", "fine\r\\::error::x"],
  ["said ##[error]x", "said #\\#[error]x"],
  ["a::b", "a::b"],
  ["", ""],
])("In a step the text %j is no command.", (text, told) => {
  expect(inert(text, step)).toBe(told);
});

test("Elsewhere text is left as it is.", () => {
  expect(inert("::error::x ##[y]", { ...step, isActions: false })).toBe("::error::x ##[y]");
});
