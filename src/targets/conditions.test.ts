import { expect, test } from "vitest";
import { type Json, parseJson } from "../core/json.ts";
import type { Condition, HttpOperation } from "../core/target.ts";
import { classify } from "./classify.ts";
import { holds } from "./conditions.ts";

const read = (text: string): Parameters<typeof holds>[1] => ({ code: 200, text, json: parseJson(text) });
const equals = (pointer: string, value: Json): Condition => ({ kind: "equals", pointer, value });
const absent = (pointer: string): Condition => ({ kind: "absent", pointer });
const matches = (pointer: string | null, pattern: string): Condition => ({ kind: "matches", pointer, pattern });

test.each<readonly [string, Condition, string, boolean]>([
  ["an equal value", equals("/a", true), '{"a":true}', true],
  ["another value", equals("/a", true), '{"a":"true"}', false],
  ["a place that is not there", equals("/a", null), "{}", false],
  ["a place that is absent", absent("/a"), "{}", true],
  ["a place that holds null", absent("/a"), '{"a":null}', false],
  ["a text that is no JSON, and so lacks nothing", absent("/a"), "<html>", false],
  ["a place that matches", matches("/a", "^[0-9]+$"), '{"a":"12"}', true],
  ["a number that matches", matches("/a", "^[0-9]+$"), '{"a":12}', true],
  ["a place that does not match", matches("/a", "^[0-9]+$"), '{"a":"x"}', false],
  ["a text that matches in one of its lines", matches(null, "^OK$"), "well\nOK\n", true],
  ["a text that does not", matches(null, "^OK$"), "NOT OK", false],
])("%s is told apart.", (_what, condition, text, expected) => {
  expect(holds(condition, read(text))).toBe(expected);
});

const cas: HttpOperation = {
  by: "http",
  port: "p",
  method: "POST",
  path: "/",
  headers: {},
  body: null,
  cases: [],
  credentials: true,
  answer: "json",
  ok: { codes: [200], where: [equals("/done", true)] },
  definite: [{ codes: [200], where: [matches("/term", "^[0-9]+$"), absent("/done")] }],
  values: {},
  says: {},
};

test.each([
  ["done", '{"term":"1","done":true}', "ok"],
  ["refused, which this system says by leaving `done` out", '{"term":"1"}', "fail"],
  ["an answer of something else", "{}", "info"],
  ["half an answer", '{"term":"1"', "info"],
  ["done, but otherwise", '{"term":"1","done":"perhaps"}', "info"],
] as const)("A conditional write is classified by all its conditions: %s.", (_what, text, outcome) => {
  expect(classify(cas, { answered: true, code: 200, text }, () => null)).toMatchObject({ outcome });
});
