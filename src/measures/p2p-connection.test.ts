import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Measurement } from "../core/measurement.ts";
import { evidenced, faultEvents, historyOf } from "../core/testing/history-of.ts";
import { answerAt, joinAt, peersAt } from "../core/testing/swarm-of.ts";
import { p2pConnection } from "./p2p-connection.ts";

/** Three nodes from the start, of whom one is told to join at 1000 ms and another later. */
const nodes = ["n1", "n2", "n3", "n4", "n5"];
const plan = { nodes, joiners: ["n4", "n5"] };
const lists = (atMs: number, node: string, members: readonly string[]): HistoryEvent =>
  answerAt(atMs, node, ["members", { members }]);
/** What makes a node connected at this moment: three peers, and the last of a majority that lists it. */
const connected = (atMs: number, node: string): readonly HistoryEvent[] => [
  peersAt(atMs - 20, node, ["n1", "n2", "n3"]),
  lists(atMs - 10, "n1", [node]),
  lists(atMs - 5, "n2", [node]),
  lists(atMs, "n3", [node]),
];
const measure = (events: readonly HistoryEvent[]): Measurement =>
  p2pConnection.measure(evidenced(historyOf([], events), plan));

test("It is a bracket: from the last sample that showed it not connected to the first that did.", () => {
  const measured = measure([joinAt(1000, "n4"), ...connected(1400, "n4")]);
  expect(measured).toMatchObject({ kind: "measured", unit: "ms", low: 395, high: 400, resolutionMs: 5, samples: 4 });
  expect(measured).toMatchObject({ tracks: [{ subject: "n4", from: [1000, 1000], holdMs: 0 }] });
});

test("Of several joins it is the worst; one that joined before is a member then.", () => {
  const second = [joinAt(2000, "n5"), lists(2490, "n4", ["n5"]), ...connected(2500, "n5")];
  expect(measure([joinAt(1000, "n4"), ...connected(1400, "n4"), ...second])).toMatchObject({
    kind: "measured",
    high: 495,
    note: expect.stringMatching(/n4: 3 peers, listed by 3 of 4 members; n5: 3 peers, listed by 3 of 5 members/),
  });
});

test("A join that was begun during a fault is told apart, and does not count.", () => {
  const late = [...faultEvents({ injected: [1900, 1950], healed: [6000, 6010] }), joinAt(2000, "n5")];
  const told = [...late, ...connected(5500, "n5")];
  expect(measure([joinAt(1000, "n4"), ...connected(1400, "n4"), ...told])).toMatchObject({
    kind: "measured",
    high: 400,
    note: expect.stringContaining("n5, told during a fault, in 3500 ms"),
  });
  expect(measure(told)).toMatchObject({
    kind: "not-measured",
    reason: "n5, told during a fault, in 3500 ms: no other join",
  });
  expect(measure([...late, peersAt(4000, "n5", [])])).toMatchObject({
    reason: "n5, told during a fault, not in 2000 ms: no other join",
  });
});

test("A fault of which nothing took hold is none; one that was not healed goes on.", () => {
  const join = [joinAt(1000, "n4"), ...connected(1400, "n4")];
  expect(measure([...faultEvents({ injected: [900, 950], inForce: 0 }), ...join])).toMatchObject({ kind: "measured" });
  expect(measure([...faultEvents({ injected: [900, 950] }), ...join])).toMatchObject({ kind: "not-measured" });
});

test("Who never was connected is beyond what it was waited for.", () => {
  const waited = [joinAt(1000, "n4"), peersAt(1200, "n4", ["n1"]), peersAt(4000, "n4", ["n1", "n2"])];
  expect(measure(waited)).toMatchObject({ kind: "beyond", atLeast: 3000 });
  expect(measure([joinAt(1000, "n4")])).toMatchObject({ kind: "beyond", atLeast: 0 });
});

test("Samples that were asked for before it was told do not count.", () => {
  expect(measure([joinAt(1000, "n4"), ...connected(1001, "n4")])).toMatchObject({ kind: "beyond" });
});

test.each<readonly [string, readonly HistoryEvent[], string]>([
  ["nobody joined", [], "nobody joined"],
  [
    "one could not be told to join",
    [joinAt(1000, "n4"), ...connected(1400, "n4"), joinAt(2000, "n5", "HTTP 500")],
    "n5 could not be told to join: HTTP 500",
  ],
])("Where %s it is not measured, with the reason.", (_title, events, reason) => {
  expect(measure(events)).toEqual({ kind: "not-measured", measure: "p2p.connection", unit: "ms", reason });
});
