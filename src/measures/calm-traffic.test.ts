import { expect, test } from "vitest";
import { evidenced, faultEvents, historyOf, phaseAt, type Told } from "../core/testing/history-of.ts";
import { latencyP95 } from "./latency-p95.ts";
import { throughputRate } from "./throughput-rate.ts";

const fault = faultEvents({ injected: [4000, 4100], healed: [8000, 8100] });
/** A read each so many ms, answered after `takesMs`. */
const reads = (
  fromMs: number,
  toMs: number,
  everyMs: number,
  more: Partial<Told> & { takesMs?: number } = {},
): Told[] =>
  Array.from({ length: Math.ceil((toMs - fromMs) / everyMs) }, (_, index) => {
    const atMs = fromMs + index * everyMs;
    return { kind: "read", at: [atMs, atMs + (more.takesMs ?? 1)], ...more };
  });
const throughput = (told: readonly Told[]) => throughputRate.measure(evidenced(historyOf(told, fault)));
const latency = (told: readonly Told[]) => latencyP95.measure(evidenced(historyOf(told, fault)));

test("The rate is of whole seconds without a fault: neither the seconds of the fault nor what they answered count.", () => {
  const told = [...reads(0, 4000, 10), ...reads(4200, 8000, 1), ...reads(8100, 12_000, 10)];
  expect(throughput(told)).toMatchObject({ kind: "measured", low: 100, high: 100, samples: 7 });
});

test("A second in which nobody was answered pulls the rate down, and is told.", () => {
  const told = [...reads(0, 2000, 10), ...reads(2000, 3000, 10, { outcome: "info" }), ...reads(3000, 5000, 10)];
  expect(throughput(told)).toMatchObject({ low: 75, perSecond: [100, 100, 0, 100] });
});

test("Less than three whole seconds without a fault are no rate.", () => {
  expect(throughput(reads(1200, 4000, 10))).toMatchObject({ kind: "not-measured" });
  expect(throughput([])).toMatchObject({ kind: "not-measured" });
});

test("The p95 is of the requests asked without a fault, refused and unanswered ones among them.", () => {
  const quick = reads(0, 4000, 20, { takesMs: 3 });
  expect(latency([...quick, ...reads(4200, 8000, 1, { takesMs: 900 })])).toMatchObject({ low: 3, high: 3 });
  const refused = reads(1, 4000, 250, { outcome: "fail" });
  expect(latency([...quick, ...refused])).toMatchObject({ kind: "beyond", atLeast: 3 });
});

test("A compare-and-set that found another value was answered.", () => {
  const found = reads(0, 5000, 20, { kind: "cas", outcome: "fail", takesMs: 3, value: "b", expected: "a" });
  expect(latency(found)).toMatchObject({ kind: "measured", high: 3, samples: 200 });
});

test("Of too few requests, and of none, there is no p95.", () => {
  expect(latency(reads(0, 1980, 20))).toMatchObject({ kind: "not-measured" });
  expect(latency([])).toMatchObject({ kind: "not-measured" });
});

test("What the final reads are answered counts for neither.", () => {
  const told = [...reads(0, 5000, 20), ...reads(9000, 9500, 1, { takesMs: 700 })];
  const history = evidenced(historyOf(told, [...fault, phaseAt("final-reads", 8999)]));
  expect(latencyP95.measure(history)).toMatchObject({ high: 1, samples: 200 });
  expect(throughputRate.measure(history)).toMatchObject({ low: 50 });
});
