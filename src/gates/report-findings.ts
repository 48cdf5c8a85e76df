import type { Finding } from "../core/decision.ts";
import { isSame } from "../core/same.ts";
import type { Measurement, Unit } from "../core/measurement.ts";
import { type Plan, planDigest } from "../core/plan.ts";
import { isSealIntact, type Report } from "../core/report.ts";
import { abortName } from "../core/scenario-source.ts";
import { type Verdict, worstStatus } from "../core/verdict.ts";
import { beginningFindings, measurementFindings } from "./measurement-findings.ts";
import { shown } from "./parse.ts";
import { below, type Place, unusable, when } from "./place.ts";
import type { Policy } from "./policy.ts";
import { timeFindings } from "./times.ts";

/** What evidence is judged by; the harness hands in what has its home elsewhere. */
export interface Judging {
  readonly policy: Policy;
  /** Now, in ms since 1970. */
  readonly nowMs: number;
  /** Judges one expectation of a plan after another. */
  readonly expectations: (
    asked: Pick<Plan, "expectations">,
    measurements: readonly Measurement[],
  ) => readonly Verdict[];
  /** The unit of each measure. */
  readonly units: Readonly<Record<string, Unit>>;
}

/** Everything in a report that cannot be believed: altered, stale, or saying something else than follows from its own parts. */
export function reportFindings(report: Report, place: Place, judging: Judging): readonly Finding[] {
  return [
    ...sealFindings(report, place),
    ...timeFindings(report, place, judging),
    ...report.measurements.flatMap((one, index) => [
      ...measurementFindings(one, below(place, "measurements", index), judging.units),
      ...beginningFindings(one, report, below(place, "measurements", index)),
    ]),
    ...repeatedFindings(report, place),
    ...verdictFindings(report, place, judging),
    ...hollowFindings(report, place),
    ...statusFindings(report, place),
  ];
}

function sealFindings(report: Report, place: Place): readonly Finding[] {
  const { digest: stored, ...plan } = report.plan;
  const again = planDigest(plan);
  return [
    ...when(!isSealIntact(report), () =>
      unusable(below(place, "seal"), {
        reason: "the report is not as it was sealed: it was altered, or the seal is of another one",
        measured: report.seal.slice(0, 19),
        required: "the digest of the rest of the report",
      }),
    ),
    ...when(again !== stored, () =>
      unusable(below(place, "plan", "digest"), {
        reason: "the plan is not the one that was run",
        measured: stored.slice(0, 12),
        required: again.slice(0, 12),
      }),
    ),
  ];
}

function repeatedFindings({ measurements }: Report, place: Place): readonly Finding[] {
  const names = measurements.map(({ measure }) => measure);
  return names.flatMap((name, index) =>
    when(names.indexOf(name) !== index, () =>
      unusable(below(place, "measurements", index, "measure"), {
        reason: "one measure stands in the report twice",
        measured: name,
        required: "once",
      }),
    ),
  );
}

/** Verdicts must be those that the plan asks for, and those on limits must follow from the measurements. */
function verdictFindings({ plan, measurements, verdicts }: Report, place: Place, judging: Judging): readonly Finding[] {
  const due = [...plan.checks, ...plan.expectations.map(({ text }) => text), ...plan.abort.map(abortName)];
  const names = verdicts.map(({ check }) => check);
  const wrong = due.findIndex((name, index) => names[index] !== name);
  const odd = wrong >= 0 ? wrong : names.length > due.length ? due.length : -1;
  const again = new Map(judging.expectations(plan, measurements).map((verdict) => [verdict.check, verdict]));
  return [
    ...when(odd >= 0, () =>
      unusable(below(place, "verdicts", odd, "check"), {
        reason: "the verdicts are not those that the plan asks for",
        measured: names[odd] ?? "absent",
        required: due[odd] ?? "absent",
      }),
    ),
    ...verdicts.flatMap((verdict, index) => {
      const other = again.get(verdict.check);
      return when(other !== undefined && !isSame(other, verdict), () =>
        unusable(below(place, "verdicts", index), {
          reason: `the verdict on ${verdict.check}, judged again by the measurement, is another one`,
          measured: verdict.status,
          required: other === undefined ? "" : verdictWords(other),
        }),
      );
    }),
  ];
}

function verdictWords(verdict: Verdict): string {
  const why = verdict.status === "unknown" ? verdict.reason : verdict.evidence[0].text;
  return `${verdict.status}: ${why}`;
}

/** A pass that the rest of the report contradicts: the check passed, and what it is about did not happen. */
function hollowFindings({ plan, verdicts, faults, traffic }: Report, place: Place): readonly Finding[] {
  const ids = plan.timeline.flatMap((step) => (step.kind === "inject" ? [step.id] : []));
  const shownFaults = faults.filter(({ observed }) => observed).map(({ fault }) => fault);
  const contradictions: Readonly<Record<string, readonly [field: string, isSo: boolean, required: string]>> = {
    "fault-in-force": [
      "faults",
      ids.length === 0 || ids.some((id) => !shownFaults.includes(id)),
      "each fault of the plan, observed",
    ],
    "at-risk": [
      "traffic",
      traffic.okDuringFaults + (traffic.besideDuringFaults ?? 0) === 0,
      "operations acknowledged during faults",
    ],
    "fault-gone": [
      "faults",
      faults.length === 0 || faults.some(({ healedMs }) => healedMs === null),
      "each fault healed",
    ],
  };
  return verdicts.flatMap(({ check, status }) => {
    const [field, isContradicted, required] = contradictions[check] ?? ["", false, ""];
    return when(status === "pass" && isContradicted, () =>
      unusable(below(place, field), {
        reason: `${check} is said to pass, and the rest of the report contradicts it`,
        measured: field === "traffic" ? shown(traffic) : `${shownFaults.length} of ${ids.length} faults observed`,
        required,
      }),
    );
  });
}

function statusFindings({ status, verdicts }: Report, place: Place): readonly Finding[] {
  const again = worstStatus(verdicts);
  return when(again !== status, () =>
    unusable(below(place, "status"), {
      reason: "the status is not the worst of the verdicts",
      measured: status,
      required: again,
    }),
  );
}
