import { colour } from "./colour.ts";
import { formatMs } from "../core/duration.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { Measurement, Unit } from "../core/measurement.ts";
import type { Judgement } from "../core/report.ts";
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
  report: Judgement,
  place: { readonly folder: string; readonly reproduce: string; readonly columns: number },
): string {
  const { plan } = report;
  const { columns } = place;
  const numbers = report.measurements.filter(({ kind }) => kind !== "not-measured").map(measurementText);
  const bad = report.verdicts.filter(({ status }) => status !== "pass").map((verdict) => verdictText(verdict, columns));
  return [
    wrap(`${statusWord(report.status)}  ${title(plan)}  ${numbers.join(" · ")}`, columns, " ".repeat(6)),
    ...bad,
    `      report ${place.folder}/report.html`,
    `      again  ${place.reproduce}`,
  ].join("\n");
}

/** One run that was not carried through: why, and what to do. */
export function brokenOffSummary(outcome: Extract<RunOutcome, { kind: "broken-off" }>, folder: string): string {
  const { plan, thrown, reproduce } = outcome;
  const next = thrown instanceof HarnessError ? `\n      next   ${thrown.next}` : "";
  const healed =
    thrown instanceof HarnessError && thrown.exit === "residue" ? [] : ["      healed; nothing was left in force"];
  return [
    `${colour.yellow("BROKEN OFF")}  ${title(plan)}: ${thrown.message}${next}`,
    ...healed,
    `      folder ${folder}`,
    `      again  ${reproduce}`,
  ].join("\n");
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
      const [least, most] = [quantity(low, unit), quantity(high, unit)];
      return least === most ? `${measure} ${most}` : `${measure} ${least} to ${most}`;
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
    case "per-second":
      return `${value.toFixed(1)}/s`;
  }
}

function verdictText(verdict: Verdict, columns: number): string {
  const indent = " ".repeat(8);
  const lines = verdict.evidence.slice(0, 4).map(({ text }) => wrap(`${indent}${text}`, columns, indent));
  const more = verdict.evidence.length > 4 ? [`${indent}… and ${verdict.evidence.length - 4} more in the report`] : [];
  const reason = verdict.status === "unknown" ? `: ${verdict.reason}` : "";
  const head = wrap(`      ${statusWord(verdict.status)} ${verdict.check}${reason}`, columns, indent);
  return [head, ...lines, ...more].join("\n");
}
