import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import type { Json } from "../core/json.ts";
import { evidenced, faultEvents, historyOf } from "../core/testing/history-of.ts";
import { faultOfBoth, faultPlan } from "../core/testing/pressure-of.ts";
import { answerAt } from "../core/testing/swarm-of.ts";
import { corruptionRepaired } from "./corruption-repaired.ts";

const altered = (files: readonly string[], node = "n1", fault = "f"): HistoryEvent => ({
  type: "fault.altered",
  atMs: 1000,
  fault,
  node,
  files,
});
const told = (atMs: number, found: Json, quarantined: Json = 0, node = "n1"): HistoryEvent =>
  answerAt(atMs, node, ["metrics", { corruptFound: found, quarantined }]);
const still = (count: number, atMs = 9500): HistoryEvent => {
  const healed = { startedMs: atMs - 10, actions: 1, inForce: 0, problems: [] };
  return { type: "fault.healed", atMs, fault: "f", ...healed, altered: count };
};
const twoFiles = altered(["blocks/aa", "blocks/bb"]);
const six = ["a", "b", "c", "d", "e", "g"].map((name) => `blocks/${name}`);

function judged(fault: string, events: readonly HistoryEvent[]): readonly [string, string] {
  const verdict = corruptionRepaired.check(
    evidenced(historyOf([], [...faultOfBoth(), ...events]), faultPlan(fault, {})),
  );
  return [verdict.status, JSON.stringify(verdict)];
}

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  [
    "found and repaired",
    [twoFiles, told(3000, ["aa", "bb"])],
    "pass",
    /1 nodes found all 2 altered files; none is in quarantine/,
  ],
  [
    "found one after another, and waited for repair meanwhile",
    [twoFiles, told(3000, ["aa"], 1), told(4000, ["bb"], 0)],
    "pass",
    /all 2 altered files/,
  ],
  [
    "found on both nodes",
    [twoFiles, altered(["blocks/cc"], "n2"), told(3000, ["aa", "bb"]), told(3000, ["cc"], 0, "n2")],
    "pass",
    /2 nodes found all 3/,
  ],
  ["found in part", [twoFiles, told(3000, ["aa"])], "fail", /n1 never found 1 of 2 files that f altered: blocks\/bb/],
  ["found by another node", [twoFiles, told(3000, []), told(3000, ["aa", "bb"], 0, "n2")], "fail", /n1 never found 2/],
  ["found only before they were altered", [twoFiles, told(900, ["aa", "bb"]), told(3000, [])], "fail", /never found 2/],
  ["missed by the half dozen", [altered(six), told(3000, [])], "fail", /6 of 6 files .*: [^,]*(, [^,]*){4}"/],
  [
    "found and left in quarantine",
    [twoFiles, told(3000, ["aa", "bb"], 0), told(4000, ["aa", "bb"], 2)],
    "fail",
    /n1 still has 2 files in quarantine at 4000 ms/,
  ],
  [
    "found, and still altered on disk",
    [twoFiles, told(3000, ["aa", "bb"]), still(1)],
    "fail",
    /on 1 nodes altered bytes were still on disk at 9500 ms/,
  ],
  [
    "still altered on disk, and gone when it was looked at again",
    [twoFiles, told(3000, ["aa", "bb"]), still(1), still(0, 9900)],
    "pass",
    /no altered byte was left/,
  ],
  ["never told of", [twoFiles], "unknown", /n1 told nothing of its files after f/],
  ["told of only before they were altered", [twoFiles, told(900, ["aa"])], "unknown", /n1 told nothing/],
  ["on a node that answers no more", [twoFiles, answerAt(3000, "n1", ["metrics", null])], "unknown", /n1 told nothing/],
  [
    "found by a node that does not say what waits",
    [twoFiles, told(3000, ["aa", "bb"], null)],
    "unknown",
    /n1 does not tell how many files wait/,
  ],
  [
    "missed on one node and not told of on another",
    [twoFiles, altered(["blocks/cc"], "n2"), told(3000, [])],
    "fail",
    /n1 never found 2/,
  ],
  ["altered by another fault", [altered(["blocks/aa"], "n1", "other")], "unknown", /no stored file was altered/],
  ["none at all", [altered([])], "unknown", /no stored file was altered/],
])("Stored files that are %s: the verdict follows.", (_what, events, status, text) => {
  const [found, said] = judged("bit-flip", events);
  expect(found).toBe(status);
  expect(said).toMatch(text);
});

test.each([
  ["torn-write", "pass"],
  ["truncate", "pass"],
  ["alter-record", "unknown"],
  ["kill", "unknown"],
])("Files that %s altered: %s, for only faults on stored files are told here.", (fault, status) => {
  expect(judged(fault, [twoFiles, told(3000, ["aa", "bb"])])[0]).toBe(status);
});

test("Of an empty history nothing is known.", () => {
  expect(corruptionRepaired.check(evidenced(historyOf([]), faultPlan("bit-flip", {}))).status).toBe("unknown");
  const untouched = historyOf([], faultEvents({ fault: "f", injected: [990, 1000] }));
  expect(corruptionRepaired.check(evidenced(untouched, faultPlan("bit-flip", {}))).status).toBe("unknown");
});
