import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { randomStream } from "../../core/random.ts";
import { bandwidth } from "./bandwidth.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stage under a clock of its own, and when so many bytes had left it. */
function openStage(rate: number) {
  const settings = { rate };
  const clock = { nowMs: () => performance.now() };
  const startMs = clock.nowMs();
  const seen: (readonly [number, number | string])[] = [];
  const note = (what: number | string): void => void seen.push([Math.round(clock.nowMs() - startMs), what]);
  const stage = bandwidth.openStage({
    output: {
      pass: (chunk) => note(chunk.length),
      end: (kind) => note(kind),
      endByToxic: () => note("toxic"),
      settle: () => {},
      reset: () => {},
      hold: () => null,
    },
    setting: () => settings.rate,
    random: () => randomStream("test", "x"),
    clock,
  });
  return { stage, seen, settings };
}

test("A chunk leaves when its time by the rate is over, in pieces of a tenth of a second, and the end behind it.", () => {
  const { stage, seen } = openStage(100);
  stage.take(Buffer.alloc(25_000));
  stage.end("half");
  expect([seen, stage.isFull()]).toEqual([[], true]);
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([
    [100, 10_000],
    [200, 10_000],
    [250, 5000],
    [250, "half"],
  ]);
  expect(stage.isFull()).toBe(false);
});

test("480 000 bytes at 1000 KB a second take 480 ms: 1 KB is 1000 bytes.", () => {
  const { stage, seen } = openStage(1000);
  stage.take(Buffer.alloc(480_000));
  vi.advanceTimersByTime(1000);
  expect(seen.at(-1)?.[0]).toBe(480);
});

test("Time in which nothing came gives no credit.", () => {
  const { stage, seen } = openStage(1);
  vi.advanceTimersByTime(5000);
  stage.take(Buffer.alloc(100));
  vi.advanceTimersByTime(99);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([[5100, 100]]);
});

test("A rate of 0 holds everything until it is taken away; then all leaves at once.", () => {
  const { stage, seen } = openStage(0);
  stage.take(Buffer.from("held"));
  stage.end("full");
  vi.advanceTimersByTime(60_000);
  expect(seen).toEqual([]);
  stage.release();
  expect(seen.map(([, what]) => what)).toEqual([4, "full"]);
});

test("A new rate holds from then on for what waits.", () => {
  const { stage, seen, settings } = openStage(1);
  stage.take(Buffer.alloc(100));
  vi.advanceTimersByTime(50);
  settings.rate = 10;
  stage.retune();
  vi.advanceTimersByTime(10);
  expect(seen).toEqual([[60, 100]]);
});
