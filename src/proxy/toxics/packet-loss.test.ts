import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openedStage } from "../../../test/support/opened-stage.ts";
import { packetLoss } from "./packet-loss.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const chunks = 20_000;

/** Which of many chunks were lost. */
function losses(settings: { loss_rate: number; correlation: number }): readonly boolean[] {
  const { stage, seen } = openedStage(packetLoss, settings);
  return Array.from({ length: chunks }, () => {
    const before = seen.length;
    stage.take(Buffer.from("x"));
    return seen.length === before;
  });
}

const share = (lost: readonly boolean[]): number => lost.filter(Boolean).length / lost.length;

/** The mean number of losses in a row. */
const burst = (lost: readonly boolean[]): number =>
  lost.filter(Boolean).length / lost.filter((isLost, index) => isLost && lost[index - 1] !== true).length;

test.each([
  [0, 0],
  [1, 1],
])("A rate of %d loses the share %d, exactly.", (rate, expected) => {
  expect(share(losses({ loss_rate: rate, correlation: 0 }))).toBe(expected);
});

test("The share that is lost is the rate, with and without correlation; correlation makes bursts longer.", () => {
  const [single, bursty] = [0, 0.8].map((correlation) => losses({ loss_rate: 0.1, correlation }));
  // Four standard deviations of 20 000 draws; of correlated ones (1 + 0.8) / (1 - 0.8) = 9 times the variance.
  expect(Math.abs(share(single ?? []) - 0.1)).toBeLessThan(0.0085);
  expect(Math.abs(share(bursty ?? []) - 0.1)).toBeLessThan(0.0255);
  // 1 / (1 - p) chunks, where p is the chance that a loss follows a loss: 0.1, and 0.8 + 0.2 * 0.1.
  expect(burst(single ?? [])).toBeCloseTo(1.11, 1);
  expect(burst(bursty ?? [])).toBeGreaterThan(4.5);
});

test("The end is never lost.", () => {
  const { stage, seen } = openedStage(packetLoss, { loss_rate: 1, correlation: 0 });
  stage.end("half");
  expect(seen).toEqual([[0, "half"]]);
});

test.each([
  [{ loss_rate: 1.5, correlation: 0 }, "loss_rate is 1.5; it is 0 to 1"],
  [{ loss_rate: 0.5, correlation: -1 }, "correlation is -1; it is 0 to 1"],
  [{ loss_rate: 0, correlation: 1 }, null],
])("%j: %s", (settings, flaw) => {
  expect(packetLoss.flaw?.((attribute) => settings[attribute])).toBe(flaw);
});
