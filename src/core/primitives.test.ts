import { expect, test } from "vitest";
import { compares } from "./compare.ts";
import { strongestExitCode } from "./exit-code.ts";
import { atPointer, digest, parseJson } from "./json.ts";
import { randomStream, repetitionSeed } from "./random.ts";
import { repetitionsToShow, shownShare } from "./statistics.ts";
import { didYouMean } from "./suggest.ts";
import { worstStatus } from "./verdict.ts";

test("Verdicts merge as pass < unknown < fail, and none at all is unknown.", () => {
  const pass = { status: "pass" } as const;
  const unknown = { status: "unknown" } as const;
  const fail = { status: "fail" } as const;
  expect(worstStatus([])).toBe("unknown");
  expect(worstStatus([pass, pass])).toBe("pass");
  expect(worstStatus([pass, unknown])).toBe("unknown");
  expect(worstStatus([unknown, fail, pass])).toBe("fail");
});

test("Residue outranks an interruption, that a bug, that unusable evidence, that a broken expectation; nothing is inconclusive.", () => {
  expect(strongestExitCode([10, 13, 130])).toBe(13);
  expect(strongestExitCode([10, 130, 70])).toBe(130);
  expect(strongestExitCode([70, 12, 10])).toBe(70);
  expect(strongestExitCode([10, 12])).toBe(12);
  expect(strongestExitCode([11, 69, 10])).toBe(10);
  expect(strongestExitCode([0, 11])).toBe(11);
  expect(strongestExitCode([0, 0])).toBe(0);
  expect(strongestExitCode([])).toBe(11);
});

test("A stream of draws depends on the seed and its label alone.", () => {
  const draws = (seed: string, label: string): readonly number[] => {
    const random = randomStream(seed, label);
    return Array.from({ length: 8 }, () => random.int(0, 1_000_000));
  };
  expect(draws("a", "x")).toEqual(draws("a", "x"));
  expect(draws("a", "x")).not.toEqual(draws("a", "y"));
  expect(draws("a", "x")).not.toEqual(draws("b", "x"));
  expect(new Set([1, 2, 3, 4, 5].map((repetition) => repetitionSeed("a", repetition))).size).toBe(5);
});

test("Shuffling keeps every item and draws every order.", () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 200; seed += 1) {
    const order = randomStream(String(seed), "order").shuffled(["a", "b", "c"]);
    expect([...order].sort()).toEqual(["a", "b", "c"]);
    orders.add(order.join(""));
  }
  expect(orders.size).toBe(6);
});

test("A digest is of the content, whatever the order of keys; another value gives another digest.", () => {
  expect(digest({ a: 1, b: [1, 2] })).toBe(digest({ b: [1, 2], a: 1 }));
  expect(digest({ a: 1 })).not.toBe(digest({ a: 2 }));
});

test("A JSON pointer leads to a value, or to undefined; never to what an object inherits.", () => {
  const document = { a: [{ "b/c": 1 }], "~": 2 };
  expect(atPointer(document, "/a/0/b~1c")).toBe(1);
  expect(atPointer(document, "/~0")).toBe(2);
  expect(atPointer(document, "")).toBe(document);
  expect(atPointer(document, "/a/7")).toBeUndefined();
  expect(atPointer(document, "/constructor")).toBeUndefined();
  expect(atPointer({}, "/__proto__")).toBeUndefined();
  expect(parseJson("{")).toBeNull();
});

test.each([
  [4, "<", 5, true],
  [5, "<", 5, false],
  [5, "<=", 5, true],
  [5, "==", 5, true],
  [4, ">=", 5, false],
  [6, ">", 5, true],
] as const)("%d %s %d is %s.", (value, comparator, limit, holds) => {
  expect(compares(value, comparator, limit)).toBe(holds);
});

test("A near name is suggested; without one the known names are listed.", () => {
  expect(didYouMean("leader-los", ["leader-loss", "soak"])).toBe(" (did you mean leader-loss?)");
  expect(didYouMean("zzzzzzzz", ["leader-loss", "soak"])).toBe("; known: leader-loss, soak");
});

// Source: exact binomial bound with no failure, 0.05^(1/n).
test.each([
  [1, 0.05],
  [5, 0.549],
  [10, 0.741],
  [59, 0.95],
])("%d successes out of as many show a share of %d with 95 %% confidence.", (n, share) => {
  expect(shownShare(n)).toBeCloseTo(share, 2);
});

test("No success shows nothing, and 59 repetitions carry a p95.", () => {
  expect(shownShare(0)).toBe(0);
  expect(repetitionsToShow(0.95)).toBe(59);
});
