import { expect, test } from "vitest";
import { evidenced, historyOf, type Told } from "../core/testing/history-of.ts";
import { linearizable } from "./linearizable.ts";

const a: Told = { kind: "write", value: "a", at: [0, 1] };
const b: Told = { kind: "write", value: "b", at: [2, 3] };
const read = (value: string | null, at: readonly [number, number], key = "x"): Told => ({
  kind: "read",
  key,
  value,
  at,
});

const judged = (operations: readonly Told[]): ReturnType<typeof linearizable.check> =>
  linearizable.check(evidenced(historyOf(operations)));

test("A register that gives its last value passes, and the pass counts what it rests on.", () => {
  const verdict = judged([a, b, read("b", [4, 5]), { ...read(null, [6, 7]), outcome: "info" }]);
  const text =
    "for each of 1 keys an order explains every answer: 3 acknowledged operations, 1 that may or may not have happened, 0 that were refused";
  expect(verdict).toMatchObject({ status: "pass", evidence: [{ text }] });
});

test("A stale read fails, with the three operations that contradict each other and nothing else.", () => {
  const others = [read(null, [0, 1], "y"), { ...a, key: "y" }, read("b", [6, 7])];
  const verdict = judged([a, b, read("a", [4, 5]), ...others]);
  expect(verdict).toMatchObject({ status: "fail" });
  expect(verdict.evidence.map(({ text }) => text)).toEqual([
    'key x is not one register: "a" was there from 1 ms at the latest (operation 0 had ended) until 4 ms at the earliest (operation 4 was only sent then); ' +
      'but meanwhile "b" was there at some moment from 2 to 3 ms (operation 3), and a value that was replaced does not come back',
    'operation 0: write of "a" to x by c1 on n1, sent 0 ms, ended 1 ms, acknowledged, by leader n1 in term 1',
    'operation 3: write of "b" to x by c1 on n1, sent 2 ms, ended 3 ms, acknowledged, by leader n1 in term 1',
    'operation 4: read of x by c1 on n1, sent 4 ms, ended 5 ms, gave "a", by leader n1 in term 1',
  ]);
});

test.each<readonly [string, readonly Told[]]>([
  ["an empty history", []],
  ["writes alone", [a, b]],
  ["reads alone", [read(null, [0, 1])]],
  ["reads of one key and writes of another", [a, read(null, [4, 5], "y")]],
  ["a read that was not answered", [a, { ...read("a", [4, 5]), outcome: "info" }]],
  ["a write in doubt only", [{ ...a, outcome: "info" }, read(null, [4, 5])]],
  ["a value that was written twice", [a, { ...a, at: [2, 3] }, read("a", [4, 5])]],
  ["a write without a value", [a, { ...b, value: null }, read("a", [4, 5])]],
])("With %s it is unknown.", (_title, operations) => {
  expect(judged(operations).status).toBe("unknown");
});

test("A refused write may be sent again with the same value.", () => {
  expect(judged([{ ...a, outcome: "fail" }, { ...a, at: [2, 3] }, read("a", [4, 5])]).status).toBe("pass");
});

test("A contradiction in one key is a failure though another cannot be decided.", () => {
  const undecided = [
    { ...a, key: "y" },
    { ...a, key: "y" },
  ];
  expect(judged([...undecided, a, read(null, [4, 5])]).status).toBe("fail");
});

test("Of many keys that contradict themselves three are told, and the others are counted.", () => {
  const keys = Array.from({ length: 5 }, (_, index) => `k${index}`);
  const { evidence } = judged(keys.flatMap((key) => [{ ...a, key }, read(null, [4, 5], key)]));
  expect(evidence.filter(({ text }) => text.startsWith("key "))).toHaveLength(3);
  expect(evidence.at(-1)?.text).toBe("2 more keys contradict themselves");
});

/** 200 000 operations of 20 clients on 5 keys, 3 in 100 of the writes in doubt; correct, with operations that overlap. */
function manyOperations(): readonly Told[] {
  const states = new Map<string, string>();
  return Array.from({ length: 200_000 }, (_, index): Told => {
    const key = `k${index % 5}`;
    const at = [index - (index % 17), index + (index % 13)] as const;
    const state = states.get(key) ?? null;
    if (index % 10 < 5) return { kind: "read", key, value: state, at };
    const value = `v${index}`;
    states.set(key, value);
    const outcome = index % 33 === 0 ? "info" : "ok";
    return index % 10 === 9
      ? { kind: "cas", key, expected: state, value, at, outcome }
      : { kind: "write", key, value, at, outcome };
  });
}

test("200 000 operations are judged in about a second of processor time, good or with one wrong read among them.", () => {
  const good = manyOperations();
  const bad = good.map((told, index) => (index === 150_000 ? { ...told, value: "v100006" } : told));
  for (const [operations, status] of [
    [good, "pass"],
    [bad, "fail"],
  ] as const) {
    const history = historyOf(operations);
    const before = process.cpuUsage();
    expect(linearizable.check(evidenced(history)).status).toBe(status);
    // A second is usual; ten times that would be another algorithm.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  }
});
