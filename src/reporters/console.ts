import { colour } from "./colour.ts";
import { formatMs } from "../core/duration.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { Measurement, Unit } from "../core/measurement.ts";
import type { Report } from "../core/report.ts";
import type { Plan } from "../core/plan.ts";
import type { RunOutcome } from "../core/run-outcome.ts";
import { wrap } from "./wrap.ts";
import type { Verdict, VerdictStatus } from "../core/verdict.ts";

const colours: Readonly<Record<VerdictStatus, (text: string) => string>> = {
  pass: colour.green,
  unknown: colour.yellow,
  fail: colour.red,
};

/** The verdict as a word, coloured where the terminal shows colours; the word says it alone. */
export function statusWord(status: VerdictStatus): string {
  return colours[status](status.toUpperCase());
}

/** One run: its verdict, what broke or was not shown with its evidence, and where to read on. */
export function runSummary(
  report: Omit<Report, "run" | "version">,
  place: { readonly folder: string; readonly reproduce: string; readonly columns: number },
): string {
  const { plan } = report;
  const { columns } = place;
  const numbers = report.measurements.filter(({ kind }) => kind !== "not-measured").map(measurementText);
  const bad = report.verdicts.filter(({ status }) => status !== "pass").map(verdictText);
  return [
    wrap(`${statusWord(report.status)}  ${title(plan)}  ${numbers.join(" · ")}`, columns, " ".repeat(6)),
    ...bad,
    `      report ${place.folder}/report.html`,
    `      again  ${place.reproduce}`,
  ].join("\n");
}

/** One run that was not carried through: why, and what to do. */
export function brokenOffSummary(outcome: Extract<RunOutcome, { kind: "broken-off" }>, folder: string): string {
  const { plan, thrown } = outcome;
  const next = thrown instanceof HarnessError ? `\n      next   ${thrown.next}` : "";
  return `${colour.yellow("BROKEN OFF")}  ${title(plan)}: ${thrown.message}${next}\n      folder ${folder}`;
}

/** A run for `--json`. */
export function outcomeJson(outcome: RunOutcome): object {
  const { folder } = outcome;
  if (outcome.kind === "judged") return { folder, residue: outcome.residue, report: outcome.report };
  return { folder, brokenOff: outcome.thrown.message, plan: outcome.plan };
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

function title({ scenario, variant, repetition, repetitions }: Plan): string {
  return `${scenario.name} · ${variant.name} · ${repetition} of ${repetitions}`;
}

/** A number of this unit for people. */
export function quantity(value: number, unit: Unit): string {
  switch (unit) {
    case "ms":
      return formatMs(value);
    case "ratio":
      return `${(value * 100).toFixed(2)} %`;
    case "count":
      return String(value);
  }
}

function verdictText(verdict: Verdict): string {
  const lines = verdict.evidence.slice(0, 4).map(({ text }) => `        ${text}`);
  const more = verdict.evidence.length > 4 ? [`        … and ${verdict.evidence.length - 4} more in the report`] : [];
  const reason = verdict.status === "unknown" ? `: ${verdict.reason}` : "";
  return [`      ${statusWord(verdict.status)} ${verdict.check}${reason}`, ...lines, ...more].join("\n");
}
