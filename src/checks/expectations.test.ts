import { expect, test } from "vitest";
import type { Measurement } from "../core/measurement.ts";
import type { Comparator } from "../core/scenario.ts";
import type { VerdictStatus } from "../core/verdict.ts";
import { expectationVerdicts } from "./expectations.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";

const { plan } = evidenced(historyOf([]));
const named = { measure: "failover.time", unit: "ms" } as const;
const measured = (low: number, high: number): Measurement => {
  return { kind: "measured", ...named, low, high, resolutionMs: high - low, samples: 1, note: "noted" };
};
const beyond = (atLeast: number): Measurement => ({ kind: "beyond", ...named, atLeast, note: "noted" });

function verdictOf(
  comparator: Comparator,
  measurements: readonly Measurement[],
): ReturnType<typeof expectationVerdicts> {
  const expectation = { text: `failover.time ${comparator} 5s`, measure: "failover.time", comparator, limit: 5000 };
  return expectationVerdicts({ ...plan, expectations: [expectation] }, measurements);
}

test.each<readonly [Comparator, number, number, VerdictStatus]>([
  ["<", 4000, 4999, "pass"],
  ["<", 4000, 5000, "unknown"],
  ["<", 4000, 6000, "unknown"],
  ["<", 5000, 6000, "fail"],
  ["<=", 4000, 5000, "pass"],
  ["<=", 5000, 5001, "unknown"],
  ["<=", 5001, 6000, "fail"],
  [">", 5001, 6000, "pass"],
  [">", 5000, 6000, "unknown"],
  [">", 4000, 5000, "fail"],
  [">=", 5000, 6000, "pass"],
  [">=", 4999, 5000, "unknown"],
  [">=", 4000, 4999, "fail"],
  ["==", 5000, 5000, "pass"],
  ["==", 4000, 6000, "unknown"],
  ["==", 5000, 6000, "unknown"],
  ["==", 5001, 6000, "fail"],
  ["<", Number.NaN, Number.NaN, "unknown"],
  ["<", 0, Infinity, "unknown"],
  ["<", 2, 1, "unknown"],
])("%s 5000 held against %d to %d is: %s.", (...[comparator, low, high, status]) => {
  expect(verdictOf(comparator, [measured(low, high)])).toMatchObject([
    { check: `failover.time ${comparator} 5s`, status },
  ]);
});

test.each<readonly [Comparator, number, VerdictStatus]>([
  ["<", 5000, "fail"],
  ["<", 4999, "unknown"],
  ["<=", 5000, "fail"],
  ["<=", 4999, "unknown"],
  ["==", 5000, "fail"],
  ["==", 4999, "unknown"],
  [">", 9000, "unknown"],
  [">=", 9000, "unknown"],
])("%s 5000 held against what had not ended after %d is: %s.", (comparator, atLeast, status) => {
  expect(verdictOf(comparator, [beyond(atLeast)])).toMatchObject([{ status }]);
});

test("What was not measured is unknown, for the reason why it was not.", () => {
  expect(verdictOf("<", [{ kind: "not-measured", ...named, reason: "no fault" }])).toMatchObject([
    { status: "unknown", reason: "failover.time was not measured: no fault" },
  ]);
  expect(verdictOf("<", [])).toMatchObject([{ status: "unknown", reason: "there is no measurement of failover.time" }]);
});

test("A verdict tells the measured value, the limit and the margin.", () => {
  const [verdict] = verdictOf("<", [measured(4000, 4200)]);
  expect(verdict?.evidence[0]?.text).toBe(
    "failover.time was from 4000 ms to 4200 ms; the limit is < 5000 ms, margin 800 ms (noted)",
  );
  const uptime = { text: "u", measure: "uptime.ratio", comparator: ">=", limit: 0.995 } as const;
  const ratio: Measurement = { ...measured(0.9901, 0.9901), measure: "uptime.ratio", unit: "ratio" };
  const [broken] = expectationVerdicts({ ...plan, expectations: [uptime] }, [ratio]);
  expect(broken).toMatchObject({ status: "fail" });
  expect(broken?.evidence[0]?.text).toBe("uptime.ratio was 99.01 %; the limit is >= 99.5 %, margin -0.49 % (noted)");
});

test("Each expectation has its own verdict, and a plan without any has none.", () => {
  expect(expectationVerdicts(plan, [measured(1, 2)])).toEqual([]);
});
