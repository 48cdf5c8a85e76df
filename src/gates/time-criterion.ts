import { join } from "node:path";
import { type FieldSource, fieldSources, performanceFields, type PerformanceField } from "../core/contract.ts";
import type { Finding, Limits } from "../core/decision.ts";
import type { Criterion, Judged } from "./criterion.ts";
import { type Evidence, runCommand } from "./evidence.ts";
import { below, findingAt, type Place, when } from "./place.ts";
import { isMarginal, type Limit, marginText } from "./margin.ts";
import { inWords, tidy } from "./words.ts";

/** The criterion of a time: its worst upper end over every run that should have measured it is within the limit; equal passes. */
export function timeCriterion(field: PerformanceField, limitMsOf: (limits: Limits) => number): Criterion {
  return {
    summary: `The worst ${performanceFields[field]} of all runs is at most the limit.`,
    judge: (evidence, limits) => judgeTime(field, evidence, limitMsOf(limits)),
  };
}

const limitOf = (limit: number): Limit => ({ comparator: "<=", limit, unit: "ms" });

/** A run that should have measured it, where that is told. */
interface Told {
  readonly source: FieldSource;
  readonly place: Place;
}

function judgeTime(field: PerformanceField, evidence: Evidence, limitMs: number): Judged {
  const told = [...inReports(field, evidence), ...inPerformance(field, evidence)];
  const required = `<= ${limitMs} ms`;
  const worst = told
    .flatMap(({ source: { measurement }, place }) =>
      measurement?.kind === "measured" ? [{ high: measurement.high, low: measurement.low, place }] : [],
    )
    .sort((left, right) => right.high - left.high)[0];
  const file = worst?.place.file ?? evidence.performance[0]?.file ?? join(evidence.folder, "performance.json");
  const missing: Place = { file, field: "", criteria: [field], command: runCommand("--all", evidence.folder) };
  return {
    file,
    measured: worst === undefined ? null : `${tidy(worst.low)} to ${tidy(worst.high)} ms`,
    required,
    findings: [
      ...missingFindings({ field, evidence, told, required }, missing),
      ...firstOfEachRun(told).flatMap((one) => runFindings(one, field, limitMs)),
    ].map((finding) => ({ ...finding, about: performanceFields[field] })),
    isMarginal: worst !== undefined && isMarginal(tidy(worst.high), limitOf(limitMs), evidence.marginalShare),
  };
}

function missingFindings(
  {
    field,
    evidence,
    told,
    required,
  }: { field: PerformanceField; evidence: Evidence; told: readonly Told[]; required: string },
  place: Place,
): readonly Finding[] {
  const said = { measured: "absent", required };
  const isRead = evidence.performance.length > 0;
  const isUnreadable = evidence.files.some((file) => /performance[^/\\]*\.json$/i.test(file));
  const reasons = evidence.performance.flatMap(({ content }) => content[`${field}_reason`] ?? []);
  return [
    ...when(!isRead && !isUnreadable, () =>
      findingAt({ ...place, file: join(evidence.folder, "performance.json"), field: `/${field}` }, "inconclusive", {
        reason: "there is no performance.json",
        ...said,
      }),
    ),
    ...when(isRead && told.length === 0, () =>
      findingAt({ ...place, field: `/${field}` }, "inconclusive", {
        reason: `${field} was not measured: ${reasons[0] ?? "no run measures it"}`,
        ...said,
      }),
    ),
  ];
}

/** What one run measured, held against the limit by its worse end. */
function runFindings({ source, place }: Told, field: PerformanceField, limitMs: number): readonly Finding[] {
  const { run, measurement } = source;
  const required = `<= ${limitMs} ms`;
  const name = performanceFields[field];
  if (measurement?.kind === "measured") {
    return when(!(tidy(measurement.high) <= limitMs), () => ({
      ...findingAt(below(place, "high"), "broken", {
        reason: `${name} of ${run} is over the limit (worst end of its bracket)`,
        measured: inWords(measurement),
        required,
      }),
      margin: marginText(tidy(measurement.high), limitOf(limitMs)),
    }));
  }
  if (measurement?.kind === "beyond" && tidy(measurement.atLeast) >= limitMs) {
    const reason = `${name} of ${run} had not ended when waiting did`;
    return [findingAt(below(place, "atLeast"), "broken", { reason, measured: inWords(measurement), required })];
  }
  const why =
    measurement === null
      ? "it has no such measurement"
      : measurement.kind === "beyond"
        ? measurement.note
        : measurement.reason;
  const measured = measurement?.kind === "beyond" ? inWords(measurement) : "absent";
  return [
    findingAt(place, "inconclusive", { reason: `${name} was not measured by ${run}: ${why}`, measured, required }),
  ];
}

/** What chaos files tell comes first: the same run is told once. */
function firstOfEachRun(told: readonly Told[]): readonly Told[] {
  const known = new Map<string, Told>();
  for (const one of told) {
    const name = `${one.source.run} ${JSON.stringify(one.source.measurement)}`;
    if (!known.has(name)) known.set(name, one);
  }
  return [...known.values()];
}

function inReports(field: PerformanceField, { chaos, folder }: Evidence): readonly Told[] {
  return chaos.flatMap(({ file, content }) =>
    fieldSources(field, [content]).map((source) => {
      const at = content.series.findIndex(
        ({ scenario, series }) => scenario === source.scenario && series === source.series,
      );
      const reports = content.series[at]?.reports ?? [];
      const index = reports.findIndex(({ run }) => run.id === source.run);
      const report = reports[index];
      const broken = content.series[at]?.brokenOff.findIndex(({ run }) => run === source.run) ?? -1;
      const command = report?.run.reproduce ?? content.series[at]?.brokenOff[broken]?.reproduce;
      const whole = { file, field: "", criteria: [field], command: command ?? runCommand(source.scenario, folder) };
      const measure = report?.measurements.findIndex((one) => one.measure === performanceFields[field]) ?? -1;
      const place =
        report === undefined
          ? below(whole, "series", at, "brokenOff", broken)
          : below(whole, "series", at, "reports", index, "measurements", ...(measure < 0 ? [] : [measure]));
      return { source, place };
    }),
  );
}

function inPerformance(field: PerformanceField, { performance, folder }: Evidence): readonly Told[] {
  return performance.flatMap(({ file, content }) =>
    content.rests_on[field].map((source, index) => {
      const whole = { file, field: "", criteria: [field], command: runCommand(source.scenario, folder) };
      return { source, place: below(whole, "rests_on", field, index, "measurement") };
    }),
  );
}
