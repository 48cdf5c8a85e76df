import { expect, test } from "vitest";
import type { Json } from "../core/json.ts";
import type { Conversion, ValuePath } from "../core/target.ts";
import { findValue, type Found } from "./values.ts";

const at = (pointer: string, more: Partial<ValuePath> = {}): ValuePath => ({
  place: { kind: "pointer", pointer },
  each: false,
  as: [],
  absent: null,
  ...more,
});
const match = (pattern: string, more: Partial<ValuePath> = {}): ValuePath => ({
  ...at("", more),
  place: { kind: "match", pattern },
});
const known: Readonly<Record<string, string>> = { "5ca": "n1", "7": "n2" };
const nodeOf = (identity: string): string | null => known[identity] ?? null;
const inJson = (path: ValuePath, value: Json): Found =>
  findValue(path, { code: 200, text: JSON.stringify(value), json: { value } }, nodeOf);
const inText = (path: ValuePath, text: string): Found => findValue(path, { code: 200, text, json: null }, nodeOf);

test.each<readonly [Conversion, Json, Json]>([
  ["integer", "42", 42],
  ["integer", -3, -3],
  ["number", "1.5", 1.5],
  ["number", 2, 2],
  ["text", 42, "42"],
  ["text", { a: [1] }, '{"a":[1]}'],
  ["text", "as it is", "as it is"],
  ["base64", "djEjMg==", "v1#2"],
  ["base64", "", ""],
  ["base64", "w6TigqzwnZ+Y", "ä€𝟘"],
  ["hex", "13668033151171901709", "bdae9bbc11dd390d"],
  ["hex", "185828541645115251", "2943212f5e2cf73"],
  ["hex", 255, "ff"],
  ["hex", "0", "0"],
  ["node", "5ca", "n1"],
  ["node", 7, "n2"],
  ["node", "nobody", null],
])("%s makes of %j: %j.", (conversion, value, made) => {
  expect(inJson(at("/v", { as: [conversion] }), { v: value })).toEqual({ value: made });
});

test.each<readonly [Conversion, Json]>([
  ["integer", "1.5"],
  ["integer", "one"],
  ["integer", ""],
  ["integer", "9007199254740993"],
  ["number", ""],
  ["number", "1e"],
  ["base64", "not base 64"],
  ["base64", "djE"],
  ["base64", 42],
  ["hex", "-1"],
  ["hex", "ff"],
  ["hex", 2 ** 60],
])("%s refuses %j, so that nothing is made up.", (conversion, value) => {
  expect(inJson(at("/v", { as: [conversion] }), { v: value })).toHaveProperty("problem");
});

test("Conversions are applied in order, to each item where there are many; null stays null.", () => {
  expect(inJson(at("/id", { as: ["hex", "node"] }), { id: "1482" })).toEqual({ value: "n1" });
  expect(inJson(at("/ids/*/id", { as: ["node"] }), { ids: [{ id: "7" }, { id: "x" }] })).toEqual({
    value: ["n2", null],
  });
  expect(inJson(at("/ids", { each: true, as: ["integer"] }), { ids: ["1", "2"] })).toEqual({ value: [1, 2] });
  expect(inJson(at("/v", { as: ["hex", "integer"] }), { v: null })).toEqual({ value: null });
});

test("A place that is not there is the value that stands for it, or no value at all; one that is there is itself.", () => {
  expect(inJson(at("/v"), {})).toHaveProperty("problem");
  expect(inJson(at("/v", { absent: { value: null } }), {})).toEqual({ value: null });
  expect(inJson(at("/v", { absent: { value: 0 }, as: ["integer"] }), { v: "7" })).toEqual({ value: 7 });
  expect(inJson(at("/v", { absent: { value: 0 }, as: ["integer"] }), { v: "x" })).toHaveProperty("problem");
  expect(inJson(at("/v", { each: true }), { v: 1 })).toHaveProperty("problem");
});

const metrics = 'up{peer="5ca"} 1\nup{peer="7"} 0\nup{peer="x"} 1\n';

test("A match is its first group, line by line; `each` takes all of them, and none is an empty list.", () => {
  expect(inText(match('^up\\{peer="(\\w+)"\\} 0'), metrics)).toEqual({ value: "7" });
  expect(inText(match('^up\\{peer="(\\w+)"\\} 1', { each: true }), metrics)).toEqual({ value: ["5ca", "x"] });
  expect(inText(match('^up\\{peer="(\\w+)"\\} 1', { each: true, as: ["node"] }), metrics)).toEqual({
    value: ["n1", null],
  });
  expect(inText(match("^down (.)", { each: true }), metrics)).toEqual({ value: [] });
  expect(inText(match("^down (.)"), metrics)).toHaveProperty("problem");
  expect(inText(at("/up"), "{}")).toHaveProperty("problem");
});
