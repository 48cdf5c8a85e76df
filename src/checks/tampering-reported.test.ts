import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Json } from "../core/json.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { faultOfBoth, faultPlan } from "../core/testing/pressure-of.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { tamperingReported } from "./tampering-reported.ts";

const altered = (node = "n1", fault = "f"): HistoryEvent => ({
  type: "fault.altered",
  atMs: 1000,
  fault,
  node,
  files: ["audit.ndjson"],
});
const breaches = (atMs: number, count: Json, node = "n1"): HistoryEvent =>
  answerAt(atMs, node, ["metrics", { auditBreaches: count }]);
const silent = (atMs: number, node = "n1"): HistoryEvent => answerAt(atMs, node, ["metrics", null]);

function judged(fault: string, events: readonly HistoryEvent[]): readonly [string, string] {
  const history = historyOf([], [...faultOfBoth(), ...events]);
  const verdict = tamperingReported.check(evidenced(history, faultPlan(fault, {})));
  return [verdict.status, JSON.stringify(verdict)];
}

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  [
    "reported by that node alone",
    [breaches(900, 0), altered(), breaches(3000, 1), breaches(3000, 0, "n2")],
    "pass",
    /n1 reported a breach each .* no other node did/,
  ],
  ["reported where nothing was told before", [altered(), breaches(3000, 1)], "pass", /n1 reported/],
  [
    "reported on both nodes",
    [altered(), altered("n2"), breaches(3000, 1), breaches(3000, 2, "n2")],
    "pass",
    /n1, n2 reported/,
  ],
  [
    "never reported",
    [breaches(900, 0), altered(), breaches(3000, 0)],
    "fail",
    /n1 never reported that audit\.ndjson was altered at 1000 ms/,
  ],
  ["not reported anew", [breaches(900, 1), altered(), breaches(3000, 1)], "fail", /n1 never reported/],
  ["reported, beside an older breach", [breaches(900, 1), altered(), breaches(3000, 2)], "pass", /n1 reported/],
  [
    "reported, and by a node whose log nobody altered too",
    [altered(), breaches(3000, 1), breaches(3000, 1, "n2")],
    "fail",
    /n2 reports 1 breaches of its audit log, which nobody altered/,
  ],
  [
    "reported on one node and not on the other",
    [altered(), altered("n2"), breaches(3000, 1), breaches(3000, 0, "n2")],
    "fail",
    /n2 never reported/,
  ],
  ["told of by nobody", [altered()], "unknown", /these told nothing of their audit log: n1/],
  ["told of only before", [breaches(900, 0), altered()], "unknown", /told nothing .* n1/],
  ["at a node that answers no more", [breaches(900, 0), altered(), silent(3000)], "unknown", /told nothing .* n1/],
  ["at a node that does not count", [altered(), breaches(3000, "many")], "unknown", /told nothing .* n1/],
  ["reported on one node and untold on the other", [altered(), altered("n2"), breaches(3000, 1)], "unknown", /: n2"/],
  ["altered by another fault", [altered("n1", "other"), breaches(3000, 1)], "unknown", /no record was altered/],
  ["not altered", [breaches(3000, 0)], "unknown", /no record was altered/],
])("An altered audit record that is %s: the verdict follows.", (_what, events, status, text) => {
  const [found, told] = judged("alter-record", events);
  expect(found).toBe(status);
  expect(told).toMatch(text);
});

test("Files that another kind of fault altered are no audit log, and of an empty history nothing is known.", () => {
  expect(judged("bit-flip", [altered(), breaches(3000, 1)])[0]).toBe("unknown");
  expect(tamperingReported.check(evidenced(historyOf([]), faultPlan("alter-record", {}))).status).toBe("unknown");
});
