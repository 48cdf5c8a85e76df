import { expect, onTestFinished, test, vi } from "vitest";
import { randomStream } from "../../core/random.ts";
import { openedStage } from "../../../test/support/opened-stage.ts";
import { latency } from "./latency.ts";

/** A stage under a clock that stands still, and what it did. */
function openStage(settings: { readonly latency: number; readonly jitter: number }) {
  const seen = { chunks: [] as Buffer[], ends: 0, settles: 0 };
  const clock = { ms: 0, nowMs: () => clock.ms };
  const random = randomStream("test", "jitter");
  const stage = latency.openStage({
    output: {
      pass: (chunk) => void seen.chunks.push(chunk),
      end: () => (seen.ends += 1),
      settle: () => (seen.settles += 1),
      endByToxic: () => {},
      reset: () => {},
      hold: () => null,
    },
    setting: (attribute) => (attribute === "seed" ? 0 : settings[attribute]),
    random: () => random,
    clock,
  });
  return { stage, seen, clock };
}

test("Reading stops when 1024 chunks are on their way, and all leave in order on release.", () => {
  const { stage, seen } = openStage({ latency: 1000, jitter: 0 });
  const sent = Array.from({ length: 1024 }, (_, index) => Buffer.from(`${index}`));
  for (const chunk of sent) {
    expect(stage.isFull()).toBe(false);
    stage.take(chunk);
  }
  expect([stage.isFull(), seen.settles, seen.chunks.length]).toEqual([true, 1, 0]);
  stage.end("half");
  stage.release();
  expect([seen.chunks, seen.ends, stage.isFull()]).toEqual([sent, 1, false]);
});

test("A chunk and an end leave at once when there is nothing to wait for.", () => {
  const { stage, seen } = openStage({ latency: -5, jitter: -1 });
  stage.take(Buffer.from("x"));
  stage.end("full");
  expect([seen.chunks.length, seen.ends]).toEqual([1, 1]);
});

test("A new delay sends the chunk in the timer now, and holds for those behind it from their arrival.", () => {
  const settings = { latency: 3000, jitter: 0 };
  const { stage, seen, clock } = openStage(settings);
  stage.take(Buffer.from("A"));
  stage.take(Buffer.from("B"));
  settings.latency = 1000;
  stage.retune();
  expect(String(seen.chunks)).toBe("A");
  clock.ms = 1000;
  stage.take(Buffer.from("C"));
  stage.retune();
  expect(String(seen.chunks)).toBe("A,B");
  stage.release();
});

test("A seed of its own gives the same delays again, another seed others.", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const delaysMs = (seed: number): readonly number[] => {
    const { stage, seen } = openedStage(latency, { latency: 1000, jitter: 1000, seed });
    for (let turn = 0; turn < 20; turn += 1) {
      stage.take(Buffer.from("x"));
      vi.advanceTimersByTime(2000);
    }
    return seen.map(([arrivedMs], turn) => arrivedMs - turn * 2000);
  };
  expect(delaysMs(3)).toHaveLength(20);
  expect(delaysMs(3)).toEqual(delaysMs(3));
  expect(delaysMs(4)).not.toEqual(delaysMs(3));
});
