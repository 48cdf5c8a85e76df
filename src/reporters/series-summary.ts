import { formatMs } from "../core/duration.ts";
import type { Report } from "../core/report.ts";
import type { Expectation } from "../core/scenario.ts";
import { repetitionsToShow, shownShare } from "../core/statistics.ts";
import type { VerdictStatus } from "../core/verdict.ts";
import { quantity } from "./console.ts";
import { painted, type Row, table } from "./table.ts";
import { wrap } from "./wrap.ts";

/**
 * The end of a series: a row for each criterion over all repetitions of a variant, and what n of them show. Runs that were
 * planned and not judged are counted, not left out.
 */
export function seriesSummary(series: {
  readonly scenario: string;
  readonly reports: readonly Report[];
  readonly planned: number;
  /** Where the runs' reports stand, by run id. */
  readonly folders: Readonly<Record<string, string>>;
  /** Width of the window; Infinity where there is none. */
  readonly columns: number;
}): string {
  const { scenario, reports, planned, folders, columns } = series;
  const variants = Map.groupBy(reports, ({ plan }) => plan.variant.name);
  const rows = [...variants].flatMap(([variant, own]) => [
    ...(own[0]?.plan.expectations ?? []).map((expectation) => criterionRow(variant, expectation, own)),
    ...checkNames(own).map((check) => checkRow(variant, check, own)),
    ...(own[0]?.plan.abort ?? []).map(({ text }) => abortRow(variant, text, own)),
  ]);
  const heads: Row = ["variant", "criterion", "measured (worst)", "required", "margin", "n", "verdict"];
  const missing = planned > reports.length ? [`${planned - reports.length} of ${planned} runs were not judged.`] : [];
  const shown = [...variants].map((variant) => wrap(shownSentence(variant), columns));
  const tables = rows.length > 0 ? [table([heads, ...rows], columns, block), ""] : [];
  return [scenario, ...tables, ...shown, ...missing, ...places(reports, folders)].join("\n");
}

/** Where to read on, and the command that runs it again: of each run that did not pass, else of the last. */
function places(reports: readonly Report[], folders: Readonly<Record<string, string>>): readonly string[] {
  const bad = reports.filter(({ status }) => status !== "pass");
  const told = (bad.length > 0 ? bad : reports.slice(-1)).slice(0, mostPlaces);
  const more = bad.length > mostPlaces ? [`… and ${bad.length - mostPlaces} more that did not pass`] : [];
  const lines = told.flatMap(({ run }) => [
    `report  ${folders[run.id] ?? run.id}/report.html`,
    `again   ${run.reproduce}`,
  ]);
  return [...lines, ...more];
}

/** So many runs are told with their places; the others are counted. */
const mostPlaces = 5;

function criterionRow(variant: string, expectation: Expectation, reports: readonly Report[]): Row {
  const measured = reports.flatMap(({ measurements }) =>
    measurements.filter(({ measure }) => measure === expectation.measure),
  );
  const statuses = reports.map((report) => statusOf(report, expectation.text));
  const upper = expectation.comparator.startsWith("<") || expectation.comparator === "==";
  const values = measured.flatMap((one) => (one.kind === "measured" ? [upper ? one.high : one.low] : []));
  const unit = measured[0]?.unit ?? "ms";
  const worst = upper ? Math.max(...values) : Math.min(...values);
  const isWhole = values.length === reports.length;
  const margin = (upper ? expectation.limit - worst : worst - expectation.limit) / expectation.limit;
  const isSaid = isWhole && Number.isFinite(margin);
  return [
    variant,
    expectation.measure,
    isWhole ? quantity(worst, unit) : `${values.length} of ${reports.length} measured`,
    `${expectation.comparator} ${quantity(expectation.limit, unit)}`,
    isSaid ? `${(margin * 100).toFixed(unit === "ms" ? 0 : 2)} %` : "",
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

function abortRow(variant: string, condition: string, reports: readonly Report[]): Row {
  const statuses = reports.map((report) => statusOf(report, `abort: ${condition}`));
  const met = statuses.filter((status) => status === "fail").length;
  return [
    variant,
    `abort: ${condition}`,
    `met in ${met} of ${statuses.length}`,
    "never",
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
  // Where nobody asked for it a leader may have changed for other reasons than a fault that took it away.
  const asked = reports.filter(({ plan }) => plan.expectations.some(({ measure }) => measure === "failover.time"));
  const values = asked.flatMap(({ measurements }) =>
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

/** A row as lines: its verdict and what is judged, then its numbers, each with its word. */
function block(row: Row, columns: number): string {
  const [variant = "", criterion = "", measured = "", required = "", margin = "", n = "", verdict = ""] = row;
  const facts = [measured, `required ${required}`, ...(margin === "" ? [] : [`margin ${margin}`]), `n ${n}`];
  const indent = " ".repeat(6);
  const head = `${painted(verdict)}  ${variant}  ${criterion}`;
  return [wrap(head, columns, indent), wrap(`${indent}${facts.join(", ")}`, columns, indent)].join("\n");
}
