import { expect, test } from "vitest";
import type { HistoryEvent } from "../core/history-event.ts";
import { evidenced, historyOf, phaseAt } from "../core/testing/history-of.ts";
import { blockAt, faultOfBoth, faultPlan } from "../core/testing/pressure-of.ts";
import { acknowledgedBlocks } from "./acknowledged-blocks.ts";
import { degradesAsPromised } from "./degrades-as-promised.ts";
import { noCorruptBlock } from "./no-corrupt-block.ts";

const put = (atMs: number, block: string, says: string | null = null): HistoryEvent =>
  blockAt(atMs, { kind: "put", block, says });
const final = phaseAt("final-reads", 10_000);

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  [
    "read back whole",
    [put(10, "a"), put(20, "b", "queued"), final, ...["a", "b"].map((block) => blockAt(10_010, { block }))],
    "pass",
    /all 2 blocks .* 1 of them had been queued/,
  ],
  [
    "refused",
    [put(10, "a", "queued"), final, blockAt(10_010, { block: "a", outcome: "fail" })],
    "fail",
    /block a was queued by n1 .* was refused/,
  ],
  ["changed", [put(10, "a"), final, blockAt(10_010, { block: "a", intact: false })], "fail", /came back changed/],
  [
    "not told of",
    [put(10, "a"), final, blockAt(10_010, { block: "a", outcome: "info" })],
    "unknown",
    /nobody told what 1 of 1/,
  ],
  ["read before the end alone", [put(10, "a"), blockAt(20, { block: "a" }), final], "unknown", /nobody told/],
  ["never taken", [blockAt(10, { kind: "put", outcome: "fail" }), final], "unknown", /no block was taken/],
  ["never asked for, as the run broke off", [put(10, "a")], "unknown", /did not come to its final reads/],
])("A block that is in the end %s: the verdict follows.", (_what, events, status, text) => {
  const verdict = acknowledgedBlocks.check(evidenced(historyOf([], events)));
  expect(verdict.status).toBe(status);
  expect(JSON.stringify(verdict)).toMatch(text);
});

const reads = (count: number): readonly HistoryEvent[] =>
  Array.from({ length: count }, (_, at) => blockAt(2000 + at * 10));

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  ["all whole", [...faultOfBoth(), ...reads(6)], "pass", /all 6 blocks/],
  [
    "one changed",
    [...faultOfBoth(), ...reads(6), blockAt(3000, { intact: false, node: "n2" })],
    "fail",
    /n2 served block b at 3000 ms/,
  ],
  ["one changed without any fault", [blockAt(3000, { intact: false })], "fail", /other content/],
  ["too few after the fault", [...faultOfBoth(), ...reads(2)], "unknown", /2 blocks were read/],
])("Of blocks that were served, %s: the verdict follows.", (_what, events, status, text) => {
  const verdict = noCorruptBlock.check(evidenced(historyOf([], events)));
  expect(verdict.status).toBe(status);
  expect(JSON.stringify(verdict)).toMatch(text);
});

const storage = faultPlan("service-failure", { service: "storage" });
const queued = put(3000, "a", "queued");

test.each<readonly [string, readonly HistoryEvent[], string, RegExp]>([
  [
    "reads are answered and writes queued",
    [...faultOfBoth(), ...reads(2), queued],
    "pass",
    /2 of 2 reads .* 1 of 1 writes were queued, on 2 nodes/,
  ],
  ["no read is answered", [...faultOfBoth(), blockAt(2000, { outcome: "fail" }), queued], "fail", /0 of 1 reads/],
  [
    "no write is queued",
    [...faultOfBoth(), ...reads(2), blockAt(3000, { kind: "put", outcome: "fail" })],
    "fail",
    /0 of 1 writes/,
  ],
  ["a write is taken as if nothing were", [...faultOfBoth(), ...reads(2), put(3000, "a")], "fail", /0 of 1 writes/],
  ["nothing is written", [...faultOfBoth(), ...reads(2)], "unknown", /at least one of each/],
  [
    "all comes only after it is healed",
    [...faultOfBoth(), blockAt(9500), put(9500, "a", "queued")],
    "unknown",
    /at least one of each/,
  ],
])("While storage is failed %s: the verdict follows.", (_what, events, status, text) => {
  const verdict = degradesAsPromised.check(evidenced(historyOf([], events), storage));
  expect(verdict.status).toBe(status);
  expect(JSON.stringify(verdict)).toMatch(text);
});

test("The failure of another service says nothing of storage.", () => {
  const events = [...faultOfBoth(), ...reads(2), queued];
  const verdict = degradesAsPromised.check(
    evidenced(historyOf([], events), faultPlan("service-failure", { service: "p2p" })),
  );
  expect(verdict.status).toBe("unknown");
});
