import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Plan } from "../core/plan.ts";
import type { Measurement } from "../core/measurement.ts";
import { evidenced, faultEvents, historyOf, sampleAt } from "../core/testing/history-of.ts";
import { recoveryTime } from "./recovery-time.ts";

const fault = faultEvents({ injected: [100, 110], healed: [200, 210] });
const well = (...times: readonly number[]): readonly HistoryEvent[] => times.map((atMs) => sampleAt(atMs));
const broken = (...times: readonly number[]): readonly HistoryEvent[] => times.map((atMs) => sampleAt(atMs, false));

function measured(events: readonly HistoryEvent[], changed: Partial<Plan> = {}): Measurement {
  return recoveryTime.measure(evidenced(historyOf([], events), changed));
}

test.each<readonly [string, readonly HistoryEvent[], number, number]>([
  [
    "Recovery ends at the first good sample that goes on for the hold",
    [...fault, ...broken(300, 400), ...well(500, 1499, 1500)],
    190,
    300,
  ],
  [
    "A system that was never seen broken recovered between healing and the first sample",
    [...fault, ...well(220, 1220)],
    0,
    20,
  ],
  [
    "A relapse within the hold starts it again",
    [...fault, ...well(300), ...broken(1200), ...well(1300, 2300)],
    990,
    1100,
  ],
  ["A relapse after the hold does not", [...fault, ...well(300, 1300), ...broken(1400)], 0, 100],
  [
    "A good sample from before the end of healing does not count",
    [...fault, ...well(205), ...broken(300), ...well(400, 1400)],
    90,
    200,
  ],
  [
    "It counts from the last healing",
    [...fault, ...faultEvents({ fault: "cut", injected: [120, 130], healed: [600, 640] }), ...well(300, 700, 1700)],
    0,
    100,
  ],
  [
    "The last healing may be that of the first fault",
    [
      ...faultEvents({ injected: [100, 110], healed: [600, 640] }),
      ...faultEvents({ fault: "cut", injected: [120, 130], healed: [200, 210] }),
      ...well(310, 700, 1700),
    ],
    0,
    100,
  ],
])("%s.", (...[, events, low, high]) => {
  expect(measured(events)).toMatchObject({ kind: "measured", low, high, resolutionMs: high - low });
});

test("Until every node has been asked, what is not shown to hold is not shown to be broken.", () => {
  const events = [...fault, ...well(300, 1400), sampleAt(400, true, "n2"), sampleAt(1300, true, "n2")];
  expect(measured(events, { nodes: ["n1", "n2"] })).toMatchObject({ kind: "measured", low: 0, high: 200 });
});

test.each<readonly [string, readonly HistoryEvent[], number, string]>([
  ["broken to the end", [...fault, ...broken(300, 5210)], 5000, "broken at the end: well"],
  ["steady too late to hold", [...fault, ...broken(1210), ...well(1300, 2299)], 1000, "steady only from 1300 ms"],
])("A system that is %s has not recovered.", (...[, events, atLeast, note]) => {
  expect(measured(events)).toMatchObject({ kind: "beyond", atLeast, note: expect.stringContaining(note) });
});

test.each<readonly [string, readonly HistoryEvent[], Partial<Plan>, string]>([
  ["no fault", well(300, 1400), {}, "no fault was in force"],
  [
    "a fault that was not in force",
    [...faultEvents({ injected: [1, 2], healed: [3, 4], inForce: 0 }), ...well(300, 1400)],
    {},
    "no fault was in force",
  ],
  ["a fault that was not healed", [...fault.slice(0, 2), ...well(300, 1400)], {}, "kill was never wholly taken back"],
  [
    "a fault that left residue",
    [...faultEvents({ injected: [1, 2], healed: [3, 4], residue: 1 }), ...well(300, 1400)],
    {},
    "never wholly",
  ],
  ["no sample after healing", [...well(50), ...fault], {}, "not every node was asked"],
  ["a node that nobody asked", [...fault, ...well(300, 1400)], { nodes: ["n1", "n2"] }, "not every node was asked"],
  [
    "a probe that is not known",
    [...fault, ...well(300, 1400)],
    { steadyState: { probes: ["x"], holdMs: 1, limitMs: 1 } },
    "not known",
  ],
])("With %s it is not measured.", (...[, events, changed, reason]) => {
  expect(measured(events, changed)).toMatchObject({ kind: "not-measured", reason: expect.stringContaining(reason) });
});
