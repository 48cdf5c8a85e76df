import { expect, test } from "vitest";
import type { Outcome } from "../core/history.ts";
import { evidenced, faultEvents, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";
import { integrityHash } from "./integrity-hash.ts";

const write = (key: string, value: string, at: Told["at"], outcome: Outcome = "ok"): Told => ({
  kind: "write",
  key,
  value,
  at,
  outcome,
});
const final = (key: string, value: string | null, node = "n1"): Told => ({
  kind: "read",
  key,
  value,
  node,
  at: [900, 910],
});
const others = [...faultEvents({ injected: [200, 210], healed: [500, 510] }), phaseAt("final-reads", 850)];
const check = (told: readonly Told[]): ReturnType<typeof integrityHash.check> =>
  integrityHash.check(evidenced(historyOf(told, others)));

test.each<readonly [string, readonly Told[], string]>([
  [
    "Every key as it was acknowledged",
    [write("x", "1", [100, 110]), write("y", "2", [300, 310]), final("x", "1"), final("y", "2")],
    "pass",
  ],
  [
    "A wrong value",
    [write("x", "1", [100, 110]), write("y", "2", [300, 310]), final("x", "1"), final("y", "1")],
    "fail",
  ],
  ["A key that is gone", [write("x", "1", [100, 110]), final("x", null)], "fail"],
  ["An older value", [write("x", "1", [100, 110]), write("x", "2", [300, 310]), final("x", "1")], "fail"],
  ["One node that reads it wrong", [write("x", "1", [100, 110]), final("x", "1"), final("x", "0", "n2")], "fail"],
  [
    "A key in doubt beside one that is certain",
    [
      write("x", "1", [100, 110]),
      write("y", "2", [300, 310]),
      write("y", "3", [320, 400], "info"),
      final("x", "1"),
      final("y", "3"),
    ],
    "pass",
  ],
  ["A key in doubt alone", [write("x", "1", [100, 110]), write("x", "2", [300, null]), final("x", "2")], "unknown"],
  [
    "Two writes at once, of which either may be the last",
    [write("x", "1", [300, 340]), write("x", "2", [310, 330]), final("x", "2")],
    "unknown",
  ],
  [
    "A certain key that was not read",
    [write("x", "1", [100, 110]), write("y", "2", [300, 310]), final("x", "1")],
    "unknown",
  ],
  ["No write", [final("x", null)], "unknown"],
  ["Nothing", [], "unknown"],
])("%s: %s", (_title, told, status) => {
  expect(check(told).status).toBe(status);
});

test("A run without final reads, and the empty history, are unknown.", () => {
  const told = [write("x", "1", [100, 110]), final("x", "1")];
  for (const history of [historyOf([]), historyOf(told)]) {
    expect(integrityHash.check(evidenced(history))).toMatchObject({
      status: "unknown",
      reason: "the run did not come to its final reads",
    });
  }
});

test("The hash depends on no order of reads or nodes, and tells what was written before the fault and since.", () => {
  const writes = [write("x", "1", [100, 110]), write("y", "2", [300, 310])];
  const one = check([...writes, final("x", "1"), final("y", "2")]);
  const other = check([...writes, final("y", "2", "n3"), final("x", "1", "n2")]);
  expect(one).toEqual(other);
  expect(one).toMatchObject({
    evidence: [{ text: expect.stringContaining("2 keys, 1 of them written last before the fault, 1 since") }],
  });
});
