import { expect, test } from "vitest";
import { JsonNumber, parseBody } from "./body.ts";

test.each([
  ['{"a":1}', { a: new JsonNumber(1, "1") }],
  ['{"a":1} and more {', { a: new JsonNumber(1, "1") }],
  ['[{"a":"}]"}]]]', [{ a: "}]" }]],
  ['{"a":"\\"}{"} x', { a: '"}{' }],
  ["  null ", null],
  ['{"a":{"b":[]}}{"c":1}', { a: { b: [] } }],
])("%s gives its first value.", (text, value) => {
  expect(parseBody(text)).toEqual(value);
});

test.each(["", "  ", "{", "{bad", '{"a":', "[1,", '{"a":"', "nul", "{]"])("%j is refused as a bad body.", (text) => {
  expect(() => parseBody(text)).toThrow(/^bad request body: /);
});

test.each([
  ["5", true],
  ["-5", true],
  ["9223372036854775807", true],
  ["9223372036854775808", false],
  ["1000.0", false],
  ["1.5", false],
  ["1e3", false],
])("%s as a whole number of 64 bits: %s", (text, isWhole) => {
  expect(new JsonNumber(Number(text), text).isInt64()).toBe(isWhole);
});
