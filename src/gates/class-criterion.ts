import { join } from "node:path";
import { recoveryOf, type SeriesRecord } from "../core/contract.ts";
import type { Finding } from "../core/decision.ts";
import type { Report } from "../core/report.ts";
import type { Measurement } from "../core/measurement.ts";
import type { ChaosClass, Expectation } from "../core/scenario.ts";
import type { Criterion, Judged } from "./criterion.ts";
import { type Evidence, runCommand } from "./evidence.ts";
import { marginText, worseEndFor } from "./margin.ts";
import { below, findingAt, type Place, when } from "./place.ts";
import { inWords } from "./words.ts";

/** The criterion of a class: all its runs that were planned passed, and recovered. */
export function classCriterion(name: ChaosClass): Criterion {
  return {
    summary: `Every run of every scenario of ${name} passed and recovered.`,
    judge: (evidence) => judgeClass(name, evidence),
  };
}

function judgeClass(name: ChaosClass, evidence: Evidence): Judged {
  const files = evidence.chaos.filter(({ content }) => content.class === name);
  const file = files[0]?.file ?? join(evidence.folder, `chaos_${name}.json`);
  const whole: Place = { file, field: "", criteria: [name], command: runCommand(name, evidence.folder) };
  const required = "all pass and recover";
  const series = files.flatMap(({ content, file: of }) =>
    content.series.map((one, index) => ({ one, place: below({ ...whole, file: of }, "series", index) })),
  );
  const isBroken = evidence.findings.some(({ criteria }) => criteria.includes(name));
  const reports = new Map(series.flatMap(({ one }) => one.reports.map((report) => [report.run.id, report])));
  const planned = series.reduce((sum, { one }) => sum + one.planned, 0);
  const passed = [...reports.values()].filter(({ status }) => status === "pass").length;
  return {
    file,
    measured: series.length === 0 ? null : `${passed} of ${Math.max(planned, reports.size)} runs passed`,
    required,
    findings: [
      ...when(files.length === 0 && !isBroken, () =>
        findingAt(below(whole, "recovery_successful"), "inconclusive", {
          reason: `there is no report of ${name}`,
          measured: "absent",
          required,
        }),
      ),
      ...files.flatMap(({ file: of, content }) =>
        when(content.series.length === 0, () => {
          const said = { reason: `the file holds no series of ${name}`, measured: "0 series", required };
          return findingAt({ ...whole, file: of, field: "/series" }, "inconclusive", said);
        }),
      ),
      ...series.flatMap(({ one, place }) => seriesFindings(one, place)),
    ],
  };
}

function seriesFindings(series: SeriesRecord, place: Place): readonly Finding[] {
  const { planned, reports, brokenOff, scenario } = series;
  const runs = reports.length + brokenOff.length;
  return [
    ...when(runs < planned || runs === 0, () =>
      findingAt(below(place, "planned"), "inconclusive", {
        reason: `the series of ${scenario} was cut short: ${runs} of ${planned} runs were begun`,
        measured: `${runs} runs`,
        required: `${Math.max(planned, 1)} runs`,
      }),
    ),
    ...brokenOff.map(({ reason, run, reproduce }, index) =>
      findingAt({ ...below(place, "brokenOff", index), command: reproduce }, "inconclusive", {
        reason: `${run} shows nothing: ${reason}`,
        measured: "no report",
        required: "a report",
      }),
    ),
    ...reports.flatMap((report, index) => {
      const at = { ...below(place, "reports", index), command: report.run.reproduce };
      return [...verdictFindings(report, at), ...recoveryFindings(report, at), ...nothingTested(report, at)];
    }),
  ];
}

/** Each verdict that is no pass, with its evidence: the first piece, and how many more there are. */
function verdictFindings({ verdicts, run, plan, measurements }: Report, place: Place): readonly Finding[] {
  if (verdicts.length === 0) {
    const said = { reason: `${run.id} was judged by nothing`, measured: "0 verdicts", required: "at least one" };
    return [findingAt(below(place, "verdicts"), "inconclusive", said)];
  }
  return verdicts.flatMap((verdict, index) => {
    if (verdict.status === "pass") return [];
    const told = verdict.status === "unknown" ? verdict.reason : (verdict.evidence[0]?.text ?? "");
    const more = verdict.evidence.length > 1 ? ` (and ${verdict.evidence.length - 1} more in the report)` : "";
    const kind = verdict.status === "fail" ? "broken" : "inconclusive";
    const asked = plan.expectations.find(({ text }) => text === verdict.check);
    const found = measurements.find(({ measure }) => measure === asked?.measure);
    return [
      {
        ...findingAt(below(place, "verdicts", index), kind, {
          reason: `${verdict.check} ${kind === "broken" ? "is broken" : "was not shown"}: ${told}${more}`,
          measured: found === undefined ? verdict.status : inWords(found),
          required: asked?.text ?? "pass",
        }),
        about: asked?.measure ?? verdict.check,
        ...(kind === "broken" ? marginOf(asked, found) : {}),
      },
    ];
  });
}

/** By how much a run broke a limit of its scenario; nothing of what is no limit. */
function marginOf(asked: Expectation | undefined, found: Measurement | undefined): Pick<Finding, "margin"> {
  if (asked === undefined || found === undefined) return {};
  const worse = worseEndFor(found, asked.comparator);
  return worse === null ? {} : { margin: marginText(worse, { ...asked, unit: found.unit }) };
}

/** A run that did not come back, where no expectation of its scenario says so already. */
function recoveryFindings(report: Report, place: Place): readonly Finding[] {
  const { isRecovered, reason } = recoveryOf(report);
  const isExpected = report.plan.expectations.some(({ measure }) => measure === "recovery.time");
  if (isRecovered || isExpected) return [];
  const measured = report.measurements.find(({ measure }) => measure === "recovery.time");
  const kind = measured?.kind === "beyond" ? "broken" : "inconclusive";
  return [
    findingAt(below(place, "measurements"), kind, {
      reason: `${report.run.id} did not recover: ${reason}`,
      measured: measured?.kind ?? "absent",
      required: "recovery.time, measured",
    }),
  ];
}

/** A run in which no fault was seen has tested nothing, whatever its checks say. */
function nothingTested({ faults, run }: Report, place: Place): readonly Finding[] {
  const isSeen = faults.some(({ observed }) => observed);
  return when(!isSeen, () =>
    findingAt(below(place, "faults"), "inconclusive", {
      reason: `${run.id} tested nothing: no witness saw a fault`,
      measured: `${faults.length} faults, none observed`,
      required: "at least one fault, observed",
    }),
  );
}
