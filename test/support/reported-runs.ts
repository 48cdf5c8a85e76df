import type { Report } from "../../src/core/report.ts";
import { type Verdict, worstStatus } from "../../src/core/verdict.ts";
import type { JudgedRun, ReportedRun, UnjudgedRun } from "../../src/reporters/reported.ts";
import { baseReport } from "./good-reports.ts";

/** What a hostile system under test might say, so that it reaches a report. */
export const hostile =
  "\u0000\u001b[31m\ufffe<b>&amp;</b>]]></failure>\n::set-output name=x::y\r\n::error::owned\n##[error]owned | `a` @team #1 <script>alert(1)</script>";

const base = baseReport();
const failover = "failover.time < 5s";

/** A run as it was: every criterion passes. */
export function goodRun(more: Partial<Report> = {}): JudgedRun {
  return { kind: "judged", report: { ...base, ...more }, residue: [] };
}

/** A run with these verdicts in the place of its own. */
export function runWith(verdicts: readonly Verdict[], more: Partial<Report> = {}): JudgedRun {
  const changed = base.verdicts.map((verdict) => verdicts.find(({ check }) => check === verdict.check) ?? verdict);
  return goodRun({ ...more, verdicts: changed, status: worstStatus(changed) });
}

/** The same run as another repetition. */
export function repeated({ report, residue }: JudgedRun, repetition: number, repetitions = 5): JudgedRun {
  const plan = { ...report.plan, repetition, repetitions };
  return { kind: "judged", residue, report: { ...report, plan, run: { ...report.run, id: `run-${repetition}` } } };
}

/** A run whose failover took 6.2 s, of at most 5. */
export function slowRun(): JudgedRun {
  const text = "failover.time was from 6200 ms to 6214 ms; the limit is < 5000 ms";
  const measurements = base.measurements.map((one) =>
    one.measure === "failover.time" && one.kind === "measured" ? { ...one, low: 6200, high: 6214 } : one,
  );
  return runWith([{ check: failover, status: "fail", evidence: [{ text }] }], { measurements });
}

/** A run of which linearizability was not shown, for this reason. */
export function unknownRun(reason = "the search took too long"): JudgedRun {
  return runWith([{ check: "linearizable", status: "unknown", reason, evidence: [] }]);
}

/** A run that was broken off, for this reason. */
export function brokenOffRun(reason = "n2 did not start"): UnjudgedRun {
  const { plan, run } = base;
  return {
    kind: "unjudged",
    how: "broken off",
    scenario: plan.scenario.name,
    variant: plan.variant.name,
    repetition: 2,
    run: "run-broken",
    series: run.series,
    startedAt: "2026-11-20T14:15:03Z",
    reason,
    reproduce: run.reproduce,
    source: plan.source,
  };
}

/** Runs of every kind, and how many of their cases fail and how many are errors, or are not shown. */
export const reportedCases: readonly (readonly [
  what: string,
  runs: readonly ReportedRun[],
  failed: number,
  unshown: number,
])[] = [
  ["no run", [], 0, 1],
  ["a good run", [goodRun()], 0, 0],
  ["a broken criterion", [slowRun()], 1, 0],
  ["a criterion that was not shown", [unknownRun()], 0, 1],
  ["a run that was broken off", [brokenOffRun()], 0, 1],
  ["something left behind", [{ ...goodRun(), residue: ["a process of n1"] }], 0, 1],
  ["hostile words", [unknownRun(hostile), brokenOffRun(hostile)], 0, 2],
  ["all at once", [goodRun(), repeated(slowRun(), 2), repeated(unknownRun(), 3), brokenOffRun()], 1, 2],
];
