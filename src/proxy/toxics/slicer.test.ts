import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openedStage } from "../../../test/support/opened-stage.ts";
import { slicer } from "./slicer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sent = "0123456789".repeat(10);

test("A chunk is halved until its pieces are small enough, and all of it arrives in order.", () => {
  const { stage, seen } = openedStage(slicer, { average_size: 10, size_variation: 0, delay: 0 });
  stage.take(Buffer.from(sent));
  stage.end("half");
  const pieces = seen.slice(0, -1).map(([, piece]) => piece);
  expect([pieces.join(""), seen.at(-1)]).toEqual([sent, [0, "half"]]);
  // As the real one cuts 100 bytes: 100, 50, 25, 12 and 13, 6 and 6 or 7.
  expect(pieces.map((piece) => piece.length).slice(0, 4)).toEqual([6, 6, 6, 7]);
  expect(pieces).toHaveLength(16);
});

test("With variation pieces differ, none is longer than average and variation together, and nothing is lost.", () => {
  const { stage, seen } = openedStage(slicer, { average_size: 10, size_variation: 5, delay: 0 });
  for (let turn = 0; turn < 50; turn += 1) stage.take(Buffer.from(sent));
  const lengths = seen.map(([, { length }]) => length);
  expect(seen.map(([, piece]) => piece).join("")).toBe(sent.repeat(50));
  expect(Math.max(...lengths)).toBeLessThanOrEqual(15);
  expect(Math.min(...lengths)).toBeGreaterThan(0);
  expect(new Set(lengths).size).toBeGreaterThan(3);
});

test("The delay is in µs, comes after every piece, and holds the end.", () => {
  const { stage, seen } = openedStage(slicer, { average_size: 10, size_variation: 0, delay: 10_000 });
  stage.take(Buffer.from(sent));
  stage.end("half");
  expect([seen, stage.isFull()]).toEqual([[[0, "012345"]], true]);
  vi.advanceTimersByTime(1000);
  expect(seen.slice(1, 3)).toEqual([
    [10, "678901"],
    [20, "234567"],
  ]);
  expect([seen.at(-1), stage.isFull()]).toEqual([[160, "half"], false]);
});

test("Delays shorter than a timer's ms add up to what they should.", () => {
  const { stage, seen } = openedStage(slicer, { average_size: 1, size_variation: 0, delay: 100 });
  stage.take(Buffer.alloc(100, "x"));
  stage.end("half");
  vi.advanceTimersByTime(1000);
  expect(seen.at(-1)).toEqual([10, "half"]);
});

test("A release hands on the rest in one piece, then what came behind it.", () => {
  const { stage, seen } = openedStage(slicer, { average_size: 10, size_variation: 0, delay: 10_000 });
  stage.take(Buffer.from(sent));
  stage.take(Buffer.from("next"));
  stage.end("half");
  vi.advanceTimersByTime(10);
  stage.release();
  expect(seen.map(([, what]) => what)).toEqual(["012345", "678901", sent.slice(12), "next", "half"]);
});

test.each([
  [{ average_size: 0, size_variation: 0, delay: 0 }, "average_size is 0; it is 1 or more"],
  [{ average_size: 10, size_variation: 11, delay: 0 }, "size_variation is 11; it is 0 to 10"],
  [{ average_size: 10, size_variation: -1, delay: 0 }, "size_variation is -1; it is 0 to 10"],
  [{ average_size: 10, size_variation: 10, delay: 0 }, null],
])("%j: %s", (settings, flaw) => {
  expect(slicer.flaw?.((attribute) => settings[attribute])).toBe(flaw);
});
