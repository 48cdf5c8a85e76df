import { expect, test } from "vitest";
import { durationMs, formatMs, parseDuration } from "./duration.ts";
import { HarnessError } from "./harness-error.ts";

test.each([
  ["250ms", 250],
  ["1.5s", 1500],
  ["2m", 120_000],
  ["1h", 3_600_000],
  [" 5s ", 5000],
])("%s is %d ms.", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(["5", "", "s", "-1s", "1e3s", "5 s", "5sec", "NaNs"])('"%s" is no duration.', (text) => {
  expect(durationMs(text)).toBeNull();
});

test("A bare number is refused with its place and the unit that is missing.", () => {
  const refused = (): number => parseDuration("5", "a.yaml:3:1");
  expect(refused).toThrow(HarnessError);
  expect(refused).toThrow(/a\.yaml:3:1: "5" is not a duration/);
});

test.each([
  [12.4, "12 ms"],
  [1234, "1.23 s"],
  [125_000, "2 min 5 s"],
])("%d ms reads as %s.", (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});
