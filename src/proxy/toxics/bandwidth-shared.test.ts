import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { randomStream } from "../../core/random.ts";
import { bandwidthShared } from "./bandwidth-shared.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** So many connections under one toxic, and how many bytes each has let through. */
function openStages(count: number, rate: number) {
  const open = bandwidthShared.share?.();
  if (open === undefined) throw new Error("it shares nothing");
  const bytes = Array.from({ length: count }, () => 0);
  const stages = bytes.map((_, index) =>
    open({
      output: {
        pass: (chunk) => void (bytes[index] = (bytes[index] ?? 0) + chunk.length),
        end: () => {},
        endByToxic: () => {},
        settle: () => {},
        reset: () => {},
        hold: () => null,
      },
      setting: () => rate,
      random: () => randomStream("never", "asked"),
      clock: { nowMs: () => performance.now() },
    }),
  );
  return { stages, bytes };
}

const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);

test("Connections have the rate together, and each gets its share.", () => {
  const { stages, bytes } = openStages(4, 100);
  for (const stage of stages) stage.take(Buffer.alloc(100_000));
  vi.advanceTimersByTime(2000);
  expect(sum(bytes)).toBeLessThanOrEqual(200_000);
  expect(sum(bytes)).toBeGreaterThan(189_000);
  for (const own of bytes) expect(own).toBeGreaterThanOrEqual(40_000);
});

test("Those that come and go do not take from the rate of the others.", () => {
  const { stages, bytes } = openStages(3, 100);
  stages[0]?.take(Buffer.alloc(1_000_000));
  for (let turn = 0; turn < 200; turn += 1) {
    stages[1 + (turn % 2)]?.take(Buffer.alloc(10));
    vi.advanceTimersByTime(10);
  }
  expect(sum(bytes)).toBeGreaterThan(185_000);
  expect(sum(bytes)).toBeLessThanOrEqual(200_000);
});

test("A connection that is released hands on what it holds, and the others go on.", () => {
  const { stages, bytes } = openStages(2, 1);
  for (const stage of stages) stage.take(Buffer.alloc(1000));
  stages[0]?.release();
  expect(bytes[0]).toBe(1000);
  vi.advanceTimersByTime(1100);
  expect(bytes[1]).toBe(1000);
});
