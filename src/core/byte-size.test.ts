import { expect, test } from "vitest";
import { byteSize, formatBytes } from "./byte-size.ts";

test.each([
  ["256MiB", 268_435_456],
  ["4KiB", 4096],
  ["1.5KB", 1500],
  ["12B", 12],
  ["2GB", 2_000_000_000],
])("%s is %i bytes", (text, bytes) => {
  expect(byteSize(text)).toBe(bytes);
});

test.each(["256", "MiB", "4 KiB x", "-1MiB", "1TB", "1KIB", ""])("%j is no size", (text) => {
  expect(byteSize(text)).toBeNull();
});

test.each([
  [268_435_456, "256 MiB"],
  [1536, "1.5 KiB"],
  [0, "0 B"],
  [12, "12 B"],
])("%i bytes are told as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
