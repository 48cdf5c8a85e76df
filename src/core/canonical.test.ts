import canonicalize from "canonicalize";
import { assert, property, jsonValue, string } from "fast-check";
import { expect, test } from "vitest";
import { canonicalText } from "./canonical.ts";

test("It writes what the library writes, of whatever JSON, with keys of whatever text.", () => {
  assert(
    property(jsonValue(), (value) => {
      expect(canonicalText(value)).toBe(canonicalize(JSON.parse(JSON.stringify(value))));
    }),
  );
  assert(
    property(string({ unit: "binary" }), string({ unit: "binary" }), (one, other) => {
      const value = JSON.parse(`{${JSON.stringify(one)}:1,${JSON.stringify(other)}:[2,{}]}`) as object;
      expect(canonicalText(value)).toBe(canonicalize(value));
    }),
  );
});

test("Keys that look like numbers, and those that mean something elsewhere, are keys as all others.", () => {
  const value: unknown = JSON.parse(
    '{"b":1,"10":1,"9":2,"__proto__":{"x":1},"constructor":null,"":0,"é":-0,"\\ud83d\\ude00":1e21}',
  );
  expect(canonicalText(value)).toBe(canonicalize(value));
  expect(canonicalText(value)).toBe(
    '{"":0,"10":1,"9":2,"__proto__":{"x":1},"b":1,"constructor":null,"é":0,"😀":1e+21}',
  );
});

test("However many keys there are, each is written as it is, also when it comes again.", () => {
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, place) => [`${place} "`, place]));
  expect(canonicalText(many)).toBe(canonicalize(many));
  expect(canonicalText({ more: many })).toBe(canonicalize({ more: many }));
});

test("What is no JSON, and half a character, has no canonical form.", () => {
  for (const value of [
    undefined,
    Number.NaN,
    Infinity,
    1n,
    Symbol("x"),
    "\ud800",
    { a: [Number.NaN] },
    { "\udc00": 1 },
  ]) {
    expect(() => canonicalText(value)).toThrow(TypeError);
  }
});
