import { expect, test } from "vitest";
import { retryAfterMs } from "./post.ts";

const nowMs = Date.parse("2026-11-22T08:00:00Z");

test.each([
  ["7", 7000],
  ["0", 0],
  ["Sun, 22 Nov 2026 08:00:05 GMT", 5000],
  ["Sun, 22 Nov 2026 07:00:00 GMT", 0],
  ["tomorrow", null],
  ["", null],
  ["-1x", null],
])("Retry-After %j is %j ms from now.", (header, ms) => {
  expect(retryAfterMs(header, nowMs)).toBe(ms);
});
