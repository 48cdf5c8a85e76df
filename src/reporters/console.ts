import chalk from "chalk";
import { formatMs } from "../core/duration.ts";
import type { ExitCode } from "../core/exit-code.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { Measurement } from "../core/measurement.ts";
import type { Report } from "../core/report.ts";
import type { Plan } from "../core/plan.ts";
import type { Progress } from "../core/progress.ts";
import type { RunOutcome } from "../core/run-outcome.ts";
import type { Expectation, Step, StepSubjects } from "../core/scenario.ts";
import { repetitionsToShow, shownShare } from "../core/statistics.ts";
import type { Verdict, VerdictStatus } from "../core/verdict.ts";

const colours: Readonly<Record<VerdictStatus, (text: string) => string>> = {
  pass: chalk.green,
  unknown: chalk.yellow,
  fail: chalk.red,
};

/** The verdict as a word, coloured where the terminal shows colours; the word says it alone. */
export function statusWord(status: VerdictStatus): string {
  return colours[status](status.toUpperCase());
}

/** One run: its verdict, what broke or was not shown with its evidence, and where to read on. */
export function runSummary(
  report: Omit<Report, "run" | "version">,
  place: { readonly folder: string; readonly reproduce: string },
): string {
  const { plan } = report;
  const numbers = report.measurements.filter(({ kind }) => kind !== "not-measured").map(measurementText);
  const bad = report.verdicts.filter(({ status }) => status !== "pass").map(verdictText);
  return [
    `${statusWord(report.status)}  ${title(plan)}  ${numbers.join(" · ")}`,
    ...bad,
    `      report ${place.folder}/report.html`,
    `      again  ${place.reproduce}`,
  ].join("\n");
}

/** One run that was not carried through: why, and what to do. */
export function brokenOffSummary(outcome: Extract<RunOutcome, { kind: "broken-off" }>, folder: string): string {
  const { plan, thrown } = outcome;
  const next = thrown instanceof HarnessError ? `\n      next   ${thrown.next}` : "";
  return `${chalk.yellow("BROKEN OFF")}  ${title(plan)}: ${thrown.message}${next}\n      folder ${folder}`;
}

/** A line for a new phase, or a step of the timeline. */
export function progressLine(plan: Plan, progress: Progress): string {
  const at = `${(progress.atMs / 1000).toFixed(1).padStart(6)} s`;
  return `${at}  ${plan.variant.name} ${plan.repetition}/${plan.repetitions}  ${progress.kind === "phase" ? progress.phase : `  ${stepText(progress.step)}`}`;
}

/** A run for `--json`. */
export function outcomeJson(outcome: RunOutcome): object {
  const { folder } = outcome;
  if (outcome.kind === "judged") return { folder, residue: outcome.residue, report: outcome.report };
  return { folder, brokenOff: outcome.thrown.message, plan: outcome.plan };
}

/**
 * The end of a series: a row for each criterion over all repetitions of a variant, what n of them show, and the exit code. Runs that were
 * planned and not judged are counted, not left out.
 */
export function seriesSummary(series: {
  readonly reports: readonly Report[];
  readonly planned: number;
  readonly exitCode: ExitCode;
}): string {
  const { reports, planned, exitCode } = series;
  const variants = Map.groupBy(reports, ({ plan }) => plan.variant.name);
  const rows = [...variants].flatMap(([variant, own]) => [
    ...(own[0]?.plan.expectations ?? []).map((expectation) => criterionRow(variant, expectation, own)),
    ...checkNames(own).map((check) => checkRow(variant, check, own)),
  ]);
  const heads = ["variant", "criterion", "measured (worst)", "required", "margin", "n", "verdict"];
  const missing = planned > reports.length ? [`${planned - reports.length} of ${planned} runs were not judged.`] : [];
  const shown = [...variants].map(shownSentence);
  return [...(rows.length > 0 ? [table([heads, ...rows]), ""] : []), ...shown, ...missing, `exit ${exitCode}`].join(
    "\n",
  );
}

/** A measurement for people: the upper end, and the bracket. */
export function measurementText(measurement: Measurement): string {
  const { measure } = measurement;
  switch (measurement.kind) {
    case "measured": {
      const { unit, low, high } = measurement;
      const bracket = low === high ? "" : ` (${quantity(low, unit)} to ${quantity(high, unit)})`;
      return `${measure} ${quantity(high, unit)}${bracket}`;
    }
    case "beyond":
      return `${measure} > ${quantity(measurement.atLeast, measurement.unit)}`;
    case "not-measured":
      return `${measure} not measured: ${measurement.reason}`;
  }
}

/** A step of a timeline in words. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case "inject":
      return `inject ${step.id}${step.id === step.fault ? "" : ` (${step.fault})`} on ${subjectsText(step.on)}${step.forMs === null ? "" : ` for ${formatMs(step.forMs)}`}`;
    case "heal":
      return `heal ${step.id}`;
    case "call":
      return `call ${step.operation} on ${step.on}`;
    case "hold":
      return `hold for ${formatMs(step.ms)}`;
    case "workload":
      return step.paused ? "pause the traffic" : "resume the traffic";
    case "await-probe":
      return `await ${step.probe}, at most ${formatMs(step.limitMs)}`;
    case "await-value":
      return `await ${step.value} ${step.comparator} ${step.wanted} on ${step.on}, at most ${formatMs(step.limitMs)}`;
  }
}

/** Whom a step acts on, in words. */
export function subjectsText(on: StepSubjects): string {
  switch (on.kind) {
    case "everyone":
      return "every node";
    case "cast":
      return on.labels.join(", ");
    case "sides":
      return on.sides.map((side) => side.join("+")).join(" | ");
  }
}

function title({ scenario, variant, repetition, repetitions }: Plan): string {
  return `${scenario.name} · ${variant.name} · ${repetition} of ${repetitions}`;
}

/** A number of this unit for people. */
export function quantity(value: number, unit: "ms" | "ratio"): string {
  return unit === "ms" ? formatMs(value) : `${(value * 100).toFixed(2)} %`;
}

function verdictText(verdict: Verdict): string {
  const lines = verdict.evidence.slice(0, 4).map(({ text }) => `        ${text}`);
  const more = verdict.evidence.length > 4 ? [`        … and ${verdict.evidence.length - 4} more in the report`] : [];
  const reason = verdict.status === "unknown" ? `: ${verdict.reason}` : "";
  return [`      ${statusWord(verdict.status)} ${verdict.check}${reason}`, ...lines, ...more].join("\n");
}

/** Cells of a table's row; the last is the verdict. */
type Row = readonly string[];

function criterionRow(variant: string, expectation: Expectation, reports: readonly Report[]): Row {
  const measured = reports.flatMap(({ measurements }) =>
    measurements.filter(({ measure }) => measure === expectation.measure),
  );
  const statuses = reports.map((report) => statusOf(report, expectation.text));
  const upper = expectation.comparator.startsWith("<");
  const values = measured.flatMap((one) => (one.kind === "measured" ? [upper ? one.high : one.low] : []));
  const unit = measured[0]?.unit ?? "ms";
  const worst = upper ? Math.max(...values) : Math.min(...values);
  const isWhole = values.length === reports.length;
  const margin = (upper ? expectation.limit - worst : worst - expectation.limit) / expectation.limit;
  return [
    variant,
    expectation.measure,
    isWhole ? quantity(worst, unit) : `${values.length} of ${reports.length} measured`,
    `${expectation.comparator} ${quantity(expectation.limit, unit)}`,
    isWhole ? `${(margin * 100).toFixed(unit === "ms" ? 0 : 2)} %` : "",
    String(reports.length),
    verdictWord(statuses),
  ];
}

function checkRow(variant: string, check: string, reports: readonly Report[]): Row {
  const statuses = reports.map((report) => statusOf(report, check));
  const passed = statuses.filter((status) => status === "pass").length;
  return [
    variant,
    check,
    `${passed} of ${statuses.length} hold`,
    "all",
    "",
    String(reports.length),
    verdictWord(statuses),
  ];
}

function checkNames(reports: readonly Report[]): readonly string[] {
  return reports[0]?.plan.checks ?? [];
}

function statusOf(report: Report, check: string): VerdictStatus {
  return report.verdicts.find((verdict) => verdict.check === check)?.status ?? "unknown";
}

function verdictWord(statuses: readonly VerdictStatus[]): string {
  if (statuses.includes("fail")) return "FAIL";
  return statuses.length === 0 || statuses.includes("unknown") ? "UNKNOWN" : "PASS";
}

/** What the repetitions of a variant show, and what they do not. */
function shownSentence([variant, reports]: [string, readonly Report[]]): string {
  const passed = reports.filter(({ status }) => status === "pass").length;
  const n = reports.length;
  const head = `${variant}: ${passed} of ${n} passed.`;
  if (passed < n || n === 0) return `${head} One that does not pass is enough: nothing is shown by the others.`;
  const share = Math.floor(shownShare(n) * 100);
  const values = reports.flatMap(({ measurements }) =>
    measurements.flatMap((one) =>
      one.kind === "measured" && one.measure === "failover.time" ? [formatMs(one.high)] : [],
    ),
  );
  const failovers = values.length > 0 ? ` Failover: ${values.join(", ")}.` : "";
  return (
    `${head}${failovers} That shows, with 95 % confidence, that at least ${share} % of such runs pass; ` +
    `a p95 would take ${repetitionsToShow(0.95)} repetitions.`
  );
}

function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => row.map((cell, column) => paint(cell.padEnd(widths[column] ?? 0))).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

function paint(cell: string): string {
  const status = cell.trim();
  if (status === "PASS") return chalk.green(cell);
  if (status === "FAIL") return chalk.red(cell);
  return status === "UNKNOWN" ? chalk.yellow(cell) : cell;
}
