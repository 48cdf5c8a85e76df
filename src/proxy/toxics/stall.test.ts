import { expect, test } from "vitest";
import { openedStage } from "../../../test/support/opened-stage.ts";
import { stall } from "./stall.ts";

test("What a stall still gets waits, the end too, and leaves in order when the stall is lifted.", () => {
  const { stage, seen } = openedStage(stall, {});
  for (const text of ["one", "two"]) stage.take(Buffer.from(text));
  stage.end("half");
  expect([stage.isFull(), seen]).toEqual([true, []]);
  stage.release();
  expect(seen.map(([, what]) => what)).toEqual(["one", "two", "half"]);
});
