import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, faultEvents, historyOf, sampleAt } from "../core/testing/history-of.ts";
import { steadyBefore } from "./steady-before.ts";

const fault = faultEvents({ injected: [2000, 2010], healed: [3000, 3010] });
const sampled = (times: readonly number[]): readonly HistoryEvent[] => times.map((atMs) => sampleAt(atMs));

test("A system that was seen well from 500 ms before the first fault on was steady.", () => {
  const verdict = steadyBefore.check(evidenced(historyOf([], [...sampled([1500, 1990]), ...fault])));
  expect(verdict).toMatchObject({ status: "pass", evidence: [{ atMs: [1500, 2000] }] });
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["an empty history", [], "no fault was injected"],
  ["no fault", sampled([1000, 1900]), "no fault was injected"],
  ["no sample", fault, "was not looked at"],
  ["no sample but after the fault", [...sampled([2001, 2900]), ...fault], "was not looked at"],
  ["the last sample 501 ms old", [...sampled([1000, 1499]), ...fault], "nobody looked"],
  ["well for 499 ms only", [...sampled([1501, 1990]), ...fault], "not steady for long enough"],
  ["not well at the last look", [...sampled([1000]), sampleAt(1990, false), ...fault], "did not hold: well"],
  ["unwell in between", [...sampled([1000, 1900]), sampleAt(1800, false), ...fault], "not steady for long enough"],
])("With %s it is unknown, and never a failure.", (_title, events, reason) => {
  const verdict = steadyBefore.check(evidenced(historyOf([], events)));
  expect(verdict).toMatchObject({ status: "unknown", reason: expect.stringContaining(reason) });
});

test("A plan without steady-state probes, or with one that is not known, shows no steady state.", () => {
  const history = historyOf([], [...sampled([1000, 1990]), ...fault]);
  for (const probes of [[], ["well", "made-up"]]) {
    const steadyState = { probes, holdMs: 0, limitMs: 0 };
    expect(steadyBefore.check(evidenced(history, { steadyState })).status).toBe("unknown");
  }
});
