import { expect, test } from "vitest";
import { measures } from "./index.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";

test.each(Object.entries(measures))(
  "%s is registered under its own name, and an empty history leaves it unmeasured.",
  (name, measure) => {
    expect(measure.measure(evidenced(historyOf([])))).toMatchObject({
      kind: "not-measured",
      measure: name,
      unit: measure.unit,
    });
    expect(measure.name).toBe(name);
  },
);
