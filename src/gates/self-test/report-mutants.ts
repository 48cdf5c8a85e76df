import type { Measurement } from "../../core/measurement.ts";
import { planDigest } from "../../core/plan.ts";
import type { Report } from "../../core/report.ts";
import type { Verdict } from "../../core/verdict.ts";
import { worstStatus } from "../../core/verdict.ts";
import {
  firstReport,
  type Mutant,
  type Mutator,
  resealed,
  type Subject,
  understood,
  withDocument,
  withReport,
} from "./mutant.ts";

/** What a report says: of its plan, verdicts, faults and traffic. Each is sealed anew, as somebody would who knows how. */
export const reportMutants: Mutator = (subject) =>
  understood(subject).flatMap((one): readonly Mutant[] => {
    const first = one.kind === "chaos" ? firstReport(one.content) : null;
    if (one.kind !== "chaos" || first === null) return [];
    const { report, at } = first;
    return [...ofVerdicts(report, subject), ...ofFaults(report), ...ofPlan(report)].map(([kind, found, changed]) => ({
      kind: `report: ${kind}`,
      file: one.file,
      found,
      subject: withDocument(subject, one.file, withReport(one.content, at, changed)),
    }));
  });

/** A kind of change, how it must be found, and the changed report. */
export type Changed = readonly [kind: string, found: Mutant["found"], report: object];

/** The report judged again by its measurements and what its checks said, sealed: as if the run had come out so. */
export function judgedAgain(report: Report, { judging }: Subject): object {
  const { plan, measurements, verdicts } = report;
  const limits = new Map(judging.expectations(plan, measurements).map((one) => [one.check, one]));
  const again = verdicts.map((one) => limits.get(one.check) ?? one);
  return resealed({ ...report, verdicts: again, status: worstStatus(again) });
}

function ofVerdicts(report: Report, subject: Subject): readonly Changed[] {
  const { verdicts, plan } = report;
  const at = verdicts.findIndex(({ check }) => plan.checks.includes(check));
  const put = (verdict: Verdict): readonly Verdict[] => verdicts.map((one, index) => (index === at ? verdict : one));
  const check = verdicts[at]?.check ?? "";
  const failed: Verdict = { check, status: "fail", evidence: [{ text: "it was lost" }] };
  const limit = verdicts.findIndex((one) => plan.expectations.some(({ text }) => text === one.check));
  const honest = (changed: Report): object => judgedAgain(changed, subject);
  return [
    ["a check failed", "broken", honest({ ...report, verdicts: put(failed) })],
    ["a check failed, and the status says pass", "unusable", resealed({ ...report, verdicts: put(failed) })],
    [
      "a check showed nothing",
      "inconclusive",
      honest({ ...report, verdicts: put({ check, status: "unknown", reason: "nothing was seen", evidence: [] }) }),
    ],
    ["a verdict is gone", "unusable", resealed({ ...report, verdicts: verdicts.slice(1) })],
    [
      "a verdict stands in it that nobody asked for",
      "unusable",
      resealed({ ...report, verdicts: [...verdicts, { ...failed, check: "other", status: "pass" }] }),
    ],
    ["the verdicts are in another order", "unusable", resealed({ ...report, verdicts: verdicts.toReversed() })],
    [
      "a pass has no evidence",
      "unusable",
      resealed({ ...report, verdicts: verdicts.map((one) => ({ ...one, evidence: [] })) }),
    ],
    [
      "the verdict on a limit is another",
      "unusable",
      resealed({
        ...report,
        verdicts: verdicts.map((one, index) => (index === limit ? { ...one, status: "fail" } : one)),
      }),
    ],
    ["the status is unknown", "unusable", resealed({ ...report, status: "unknown" })],
    [
      "no verdict is left, and nobody asked for any",
      "inconclusive",
      replanned({ ...report, verdicts: [], status: "unknown" }, { checks: [], expectations: [], abort: [] }),
    ],
    ["the seal is of another report", "unusable", { ...report, seal: `sha256:${"0".repeat(64)}` }],
    ["a key is unknown", "unusable", resealed({ ...report, passed: true })],
    ["the version is another", "unusable", resealed({ ...report, version: 1 })],
  ];
}

function ofFaults(report: Report): readonly Changed[] {
  const { faults, traffic } = report;
  return [
    [
      "no fault was seen",
      "unusable",
      resealed({ ...report, faults: faults.map((one) => ({ ...one, observed: false })) }),
    ],
    ["there was no fault", "unusable", resealed({ ...report, faults: [] })],
    [
      "a fault was never healed",
      "unusable",
      resealed({ ...report, faults: faults.map((one) => ({ ...one, healedMs: null })) }),
    ],
    [
      "nothing was at risk",
      "unusable",
      resealed({ ...report, traffic: { ...traffic, okDuringFaults: 0, besideDuringFaults: 0 } }),
    ],
    [
      "a fault came a second earlier",
      "unusable",
      resealed({
        ...report,
        faults: faults.map((one) => ({ ...one, startedMs: one.startedMs - 1000, injectedMs: one.injectedMs - 1000 })),
      }),
    ],
  ];
}

function ofPlan(report: Report): readonly Changed[] {
  const { plan } = report;
  return [
    ["the plan is another", "unusable", resealed({ ...report, plan: { ...plan, seed: `${plan.seed}0` } })],
    ["an expectation is gone", "unusable", replanned(report, { expectations: plan.expectations.slice(1) })],
    ["a check is gone", "unusable", replanned(report, { checks: plan.checks.slice(1) })],
    [
      "the class is another",
      "unusable",
      replanned(report, {
        scenario: {
          ...plan.scenario,
          class: plan.scenario.class === "data_corruption" ? "network_partition" : "data_corruption",
        },
      }),
    ],
    ["the series is another", "unusable", resealed({ ...report, run: { ...report.run, series: "other" } })],
  ];
}

/** The report with another plan, digested and sealed anew. */
function replanned(report: Report, part: Partial<Report["plan"]>): object {
  const { digest: _digest, ...plan } = { ...report.plan, ...part };
  return resealed({ ...report, plan: { ...plan, digest: planDigest(plan) } });
}

/** The report with this in the place of the measurement of that name, judged by it. */
export function measuredAs(report: Report, measurement: Measurement, subject: Subject): object {
  const measurements = report.measurements.map((one) => (one.measure === measurement.measure ? measurement : one));
  return judgedAgain({ ...report, measurements }, subject);
}
