import type { Measurement } from "../core/measurement.ts";
import type { Report } from "../core/report.ts";
import type { Expectation } from "../core/scenario.ts";
import type { Verdict, VerdictStatus } from "../core/verdict.ts";
import { quantity } from "./console.ts";

/** One criterion of one run: what was measured, what must be, and where the scenario says so. */
export interface CriterionCase {
  /** As its verdict is called: an expectation's text, a check's name, or `abort:` and the condition. */
  readonly name: string;
  readonly status: VerdictStatus;
  readonly measured: string;
  readonly required: string;
  /** By how much it holds or does not; empty where that has no meaning. */
  readonly margin: string;
  /** The same as a share of the limit, negative where it is broken; null where there is none. */
  readonly marginShare: number | null;
  /** Why it was not shown; empty for the others. */
  readonly reason: string;
  readonly evidence: readonly string[];
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Of an expectation: itself, and what was measured for it. */
  readonly expectation: Expectation | null;
  readonly measurement: Measurement | null;
}

/** What a check's verdict comes to in words. */
const held: Readonly<Record<VerdictStatus, string>> = { pass: "holds", fail: "does not hold", unknown: "not shown" };

/** Every criterion of a report, in its order. */
export function casesOf(report: Report): readonly CriterionCase[] {
  return report.verdicts.map((verdict) => caseOf(verdict, report));
}

/** A case in one sentence: what was measured, required, and by how much; of a check what it rests on. */
export function caseSentence({ expectation, measured, required, margin, reason, evidence }: CriterionCase): string {
  const why = reason === "" ? "" : ` (${reason})`;
  if (expectation === null) return `${measured}${why}${evidence[0] === undefined ? "" : `: ${evidence[0]}`}`;
  return `measured ${measured}, required ${required}${margin === "" ? "" : `, ${margin}`}${why}`;
}

function caseOf(verdict: Verdict, { plan, measurements }: Report): CriterionCase {
  const expectation = plan.expectations.find(({ text }) => text === verdict.check) ?? null;
  const measurement = measurements.find(({ measure }) => measure === expectation?.measure) ?? null;
  const told = {
    name: verdict.check,
    status: verdict.status,
    reason: verdict.status === "unknown" ? verdict.reason : "",
    evidence: verdict.evidence.map(({ text }) => text),
    file: plan.source.file,
    line: plan.source.lines[verdict.check] ?? plan.source.line,
    expectation,
    measurement,
  };
  if (expectation === null) {
    const required = plan.abort.some(({ text }) => verdict.check === `abort: ${text}`) ? "never met" : "holds";
    return { ...told, measured: held[verdict.status], required, margin: "", marginShare: null };
  }
  const { comparator, limit } = expectation;
  return {
    ...told,
    measured: measuredText(measurement),
    required: `${comparator} ${quantity(limit, measurement?.unit ?? "count")}`,
    ...marginOf(expectation, measurement),
  };
}

function measuredText(measurement: Measurement | null): string {
  if (measurement === null) return "not measured";
  switch (measurement.kind) {
    case "measured": {
      const [low, high] = [quantity(measurement.low, measurement.unit), quantity(measurement.high, measurement.unit)];
      return low === high ? high : `${low} to ${high}`;
    }
    case "beyond":
      return `> ${quantity(measurement.atLeast, measurement.unit)}`;
    case "not-measured":
      return `not measured: ${measurement.reason}`;
  }
}

/** How far the worse end is from the limit, on either side. */
function marginOf(
  { comparator, limit }: Expectation,
  measurement: Measurement | null,
): Pick<CriterionCase, "margin" | "marginShare"> {
  if (measurement === null || measurement.kind === "not-measured") return { margin: "", marginShare: null };
  const isLower = comparator.startsWith(">");
  const worse = measurement.kind === "beyond" ? measurement.atLeast : isLower ? measurement.low : measurement.high;
  const inside = comparator === "==" ? -Math.abs(worse - limit) : isLower ? worse - limit : limit - worse;
  const share = limit === 0 ? "" : ` (${((Math.abs(inside) / Math.abs(limit)) * 100).toFixed(2)} %)`;
  const least = measurement.kind === "beyond" ? "at least " : "";
  const amount = `${least}${quantity(Math.abs(inside), measurement.unit)}${share}`;
  const beyond = isLower ? "under the limit by" : comparator === "==" ? "off by" : "over the limit by";
  const margin = inside < 0 ? `${beyond} ${amount}` : inside > 0 ? `inside the limit by ${amount}` : "at the limit";
  return { margin, marginShare: limit === 0 ? inside : inside / Math.abs(limit) };
}
