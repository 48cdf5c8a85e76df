import { expect, test } from "vitest";
import { acknowledgedWrites } from "./acknowledged-writes.ts";
import { evidenced, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";

const finalPhase = phaseAt("final-reads", 100);
const a: Told = { kind: "write", value: "a", at: [0, 10] };
const b: Told = { kind: "write", value: "b", at: [20, 30], leader: "n3", term: 4 };
const final = (value: string | null, key = "x", node = "n2"): Told => ({
  kind: "read",
  key,
  value,
  node,
  at: [110, 120],
});

test.each<readonly [string, readonly Told[]]>([
  ["the last acknowledged write is read", [a, b, final("b")]],
  ["every node gives it", [a, b, final("b"), final("b", "x", "n3")]],
  ["one of two concurrent writes is read", [{ ...a, at: [0, 25] }, b, final("a")]],
  ["a write that ended as the next was sent is read", [{ ...a, at: [0, 20] }, b, final("a")]],
  ["a write in doubt took effect", [a, b, { kind: "write", value: "c", at: [5, 15], outcome: "info" }, final("c")]],
  ["a write in doubt ends no other", [a, { ...b, outcome: "info" }, final("a")]],
  ["a refused write ends no other", [a, { ...b, outcome: "fail" }, final("a")]],
  ["a cas was the last", [a, { ...b, kind: "cas", expected: "a" }, final("b")]],
  ["another write is under way at the final read", [a, final("a"), { ...b, at: [115, 130] }]],
  ["a key that nobody wrote is absent", [a, final("a"), final(null, "y")]],
  ["a read before the final ones does not count", [a, b, { kind: "read", value: "a", at: [40, 50] }, final("b")]],
])("When %s, nothing is lost.", (_title, operations) => {
  expect(acknowledgedWrites.check(evidenced(historyOf(operations, [finalPhase]))).status).toBe("pass");
});

test.each<readonly [string, readonly Told[], readonly number[], string]>([
  ["the key is absent", [a, b, final(null)], [1, 2], "as if it had never been written"],
  ["an older write is read", [a, b, final("a")], [1, 2], "which is older (operation 0"],
  [
    "a refused write is read",
    [a, b, { kind: "write", value: "c", at: [40, 50], outcome: "fail" }, final("c")],
    [1, 3],
    "refused as operation 2",
  ],
  ["what nobody wrote is read", [a, b, final("z")], [1, 2], "which nobody wrote"],
  ["a cas is undone", [a, { ...b, kind: "cas", expected: "a" }, final("a")], [1, 2], "which is older"],
  ["one node of two has lost it", [a, b, final("b"), final("a", "x", "n3")], [1, 3], "on n3"],
])("When %s, an acknowledged write is lost.", (...[, operations, numbers, words]) => {
  const verdict = acknowledgedWrites.check(evidenced(historyOf(operations, [finalPhase])));
  const text = expect.stringContaining(words);
  expect(verdict).toMatchObject({ status: "fail", evidence: [{ operations: numbers, text, terms: [4, 1] }] });
});

test("A loss says what was acknowledged by whom, and what was read where.", () => {
  const verdict = acknowledgedWrites.check(evidenced(historyOf([a, b, final(null)], [finalPhase])));
  expect(verdict.evidence[0]?.text).toBe(
    'x lost what was acknowledged. operation 1: write of "b" to x by c1 on n1, sent 20 ms, ended 30 ms, acknowledged, by leader n3 in term 4. ' +
      "After healing, operation 2: read of x by c1 on n2, sent 110 ms, ended 120 ms, gave nothing, by leader n1 in term 1, as if it had never been written",
  );
});

test.each<readonly [string, readonly Told[], boolean]>([
  ["an empty history", [], true],
  ["no acknowledged write", [{ ...a, outcome: "info" }, final("a")], true],
  ["no final reads", [a, b, final("b")], false],
  ["a key that was not read", [a, final("a"), { ...b, key: "y" }], true],
  ["a final read that was not answered", [a, { ...final("a"), outcome: "info" }], true],
])("With %s it is unknown.", (_title, operations, hasFinals) => {
  const verdict = acknowledgedWrites.check(evidenced(historyOf(operations, hasFinals ? [finalPhase] : [])));
  expect(verdict.status).toBe("unknown");
});

test("A loss of one key is a failure though another was not read.", () => {
  const verdict = acknowledgedWrites.check(evidenced(historyOf([a, { ...b, key: "y" }, final(null)], [finalPhase])));
  expect(verdict.status).toBe("fail");
});

test("Of many losses the first five are told, and the others are counted.", () => {
  const keys = Array.from({ length: 8 }, (_, index) => `k${index}`);
  const operations = keys.flatMap((key) => [{ ...a, key }, final(null, key)]);
  const { evidence } = acknowledgedWrites.check(evidenced(historyOf(operations, [finalPhase])));
  expect(evidence).toHaveLength(6);
  expect(evidence.at(-1)?.text).toContain("3 more keys");
});
