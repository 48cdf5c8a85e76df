import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openedStage } from "../../../test/support/opened-stage.ts";
import { limitData } from "./limit-data.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const passed = (seen: readonly (readonly [number, string])[]): readonly string[] => seen.map(([, what]) => what);

test.each([
  [10, ["0123456789"], ["0123456789", "closed"]],
  [10, ["0123456789abc"], ["0123456789", "closed"]],
  [10, ["01234", "56789abc", "def"], ["01234", "56789", "closed"]],
  [10, ["012"], ["012"]],
  [0, ["0"], ["closed"]],
  [-1, ["0"], ["closed"]],
])("Of %i bytes at most, %j gives %j.", (bytes, chunks, expected) => {
  const { stage, seen } = openedStage(limitData, { bytes });
  for (const chunk of chunks) stage.take(Buffer.from(chunk));
  expect(passed(seen)).toEqual(expected);
});

test("The count goes on over a change, and a limit below it closes with the next chunk.", () => {
  const { stage, seen, settings } = openedStage(limitData, { bytes: 10 });
  stage.take(Buffer.from("01234"));
  settings.bytes = 3;
  stage.retune();
  expect(passed(seen)).toEqual(["01234"]);
  stage.take(Buffer.from("5"));
  expect(passed(seen)).toEqual(["01234", "closed"]);
});

test("An end below the limit passes.", () => {
  const { stage, seen } = openedStage(limitData, { bytes: 10 });
  stage.end("half");
  expect(passed(seen)).toEqual(["half"]);
});
