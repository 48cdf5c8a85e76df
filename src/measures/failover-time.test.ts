import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Measurement } from "../core/measurement.ts";
import { failoverTime } from "./failover-time.ts";
import { evidenced, faultEvents, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";

const fault = faultEvents({ injected: [100, 110], healed: [1000, 1010] });
const write = (from: number, to: number, part: Partial<Told> = {}): Told => {
  return { kind: "write", value: `v${from}`, at: [from, to], ...part };
};
const before = write(10, 20);
const after = write(400, 450, { term: 2, leader: "n2" });

function measured(operations: readonly Told[], events: readonly HistoryEvent[] = fault): Measurement {
  return failoverTime.measure(evidenced(historyOf(operations, events)));
}

test.each<readonly [string, readonly Told[], number, number]>([
  [
    "Failover ends at the first write acknowledged under a later term",
    [before, after, write(500, 510, { term: 2 })],
    290,
    350,
  ],
  ["A cas ends it too", [before, { ...after, kind: "cas" }], 290, 350],
  ["A read does not end it", [before, { kind: "read", at: [300, 310], term: 2 }, after], 290, 350],
  [
    "A write sent before the fault was read back does not end it",
    [before, write(110, 120, { term: 2 }), after],
    290,
    350,
  ],
  ["A write in the old term does not end it", [before, write(200, 210), after], 290, 350],
  [
    "The first to be acknowledged ends it, not the first to be sent",
    [before, after, write(410, 440, { term: 2 })],
    300,
    340,
  ],
  [
    "A write that was given up later shows the old state for longer",
    [before, write(200, 430, { outcome: "info" }), after],
    320,
    350,
  ],
  [
    "A write that was refused later shows the old state for longer",
    [before, write(200, 430, { outcome: "fail" }), after],
    320,
    350,
  ],
  [
    "A write that was refused after the end shows nothing",
    [before, write(200, 460, { outcome: "fail" }), after],
    290,
    350,
  ],
  [
    "A term that only a read had seen before is no later one",
    [before, { kind: "read", at: [30, 40], term: 2 }, after, write(500, 510, { term: 3 })],
    390,
    410,
  ],
])("%s.", (...[, operations, low, high]) => {
  const resolutionMs = high - low;
  expect(measured(operations)).toMatchObject({ kind: "measured", unit: "ms", low, high, resolutionMs, samples: 1 });
});

test("The first of several faults is the one that counts, and the note says so.", () => {
  const later = faultEvents({ fault: "cut", injected: [300, 310] });
  const found = measured([before, after], [...fault, ...later]);
  expect(found).toMatchObject({ high: 350, note: expect.stringContaining("first fault: kill, in force at 110 ms") });
});

test.each<readonly [string, readonly Told[], readonly HistoryEvent[], number]>([
  ["the end of the traffic", [before], [...fault, phaseAt("final-reads", 2110), phaseAt("closing", 9000)], 2000],
  ["the end of the history", [before], [...fault, phaseAt("recovery", 3110)], 3000],
  ["the healing that gave the old leader back", [before, write(1100, 1110)], [...fault, phaseAt("closing", 9000)], 890],
])("If nobody took over it was waited for until %s.", (...[, operations, events, atLeast]) => {
  expect(measured(operations, events)).toMatchObject({ kind: "beyond", atLeast });
});

test.each<readonly [string, readonly Told[], readonly HistoryEvent[], string]>([
  ["no fault", [before, after], [], "no fault was injected"],
  [
    "a fault that was not in force",
    [before, after],
    faultEvents({ injected: [100, 110], inForce: 0 }),
    "never took hold",
  ],
  ["no write before it", [{ ...before, kind: "read" }, after], fault, "nothing to compare with"],
  ["no term before it", [{ ...before, term: null }, after], fault, "nothing to compare with"],
  ["a write in the old term during the fault, and none later", [before, write(500, 510)], fault, "no leader was lost"],
  ["a write that names no term", [before, write(500, 510, { term: null })], fault, "names no term"],
])("With %s it is not measured.", (...[, operations, events, reason]) => {
  expect(measured(operations, events)).toMatchObject({ kind: "not-measured", reason: expect.stringContaining(reason) });
});
