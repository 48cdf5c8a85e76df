import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openedStage } from "../../../test/support/opened-stage.ts";
import { slowClose } from "./slow-close.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("The end is held for the delay, and bytes pass.", () => {
  const { stage, seen } = openedStage(slowClose, { delay: 400 });
  stage.take(Buffer.from("a"));
  vi.advanceTimersByTime(50);
  stage.end("half");
  vi.advanceTimersByTime(399);
  expect(seen).toEqual([[0, "a"]]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([
    [0, "a"],
    [450, "half"],
  ]);
});

test("A half end that becomes a full one goes on as a full one, at the time of the first.", () => {
  const { stage, seen } = openedStage(slowClose, { delay: 400 });
  stage.end("half");
  vi.advanceTimersByTime(300);
  stage.end("full");
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([[400, "full"]]);
});

test("A changed delay counts from the change; a release lets go at once, and only once.", () => {
  const { stage, seen, settings } = openedStage(slowClose, { delay: 400 });
  stage.end("half");
  vi.advanceTimersByTime(300);
  settings.delay = 1000;
  stage.retune();
  vi.advanceTimersByTime(900);
  expect(seen).toEqual([]);
  stage.release();
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([[1200, "half"]]);
});

test("What has ended nothing is neither held nor ended by a release.", () => {
  const { stage, seen } = openedStage(slowClose, { delay: 400 });
  stage.retune();
  stage.release();
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([]);
});
