import { formatMs } from "../../core/duration.ts";
import type { Measurement, Unit } from "../../core/measurement.ts";
import type { Report } from "../../core/report.ts";
import type { Expectation } from "../../core/scenario.ts";
import type { Verdict, VerdictStatus } from "../../core/verdict.ts";
import { measurementText, quantity } from "../console.ts";
import { badge, type Cell, table } from "./markup.ts";
import { safe } from "./text.ts";

/** What the run came to, why in one sentence, and each limit with what was measured at worst. */
export function decision(report: Report): string {
  const { status, plan } = report;
  const rows = plan.expectations.map((expectation) => numbersOf(report, expectation));
  const numbers =
    rows.length === 0 ? "" : table("Limits", ["Limit", "Measured (at worst)", "Required", "Margin", "Verdict"], rows);
  return `<p class="why ${status}">${safe(why(report))}</p>
${links(report)}
${numbers}
<p class="dim">${safe(traffic(report))}</p>`;
}

/** The first criterion that does not hold, with what was measured and by how much; or that all hold. */
export function why({ status, verdicts, plan, measurements }: Report): string {
  const first =
    verdicts.find((verdict) => verdict.status === "fail") ?? verdicts.find((verdict) => verdict.status === "unknown");
  if (first === undefined)
    return verdicts.length === 0
      ? "Nothing was checked, so nothing is shown."
      : `All ${verdicts.length} criteria hold.`;
  const others = verdicts.filter((verdict) => verdict.status !== "pass").length - 1;
  const more = others > 0 ? ` ${others} more ${others === 1 ? "criterion does" : "criteria do"} not hold.` : "";
  const expectation = plan.expectations.find(({ text }) => text === first.check);
  const measured = measurements.find(({ measure }) => measure === expectation?.measure);
  const own =
    expectation !== undefined && measured !== undefined && first.status === "fail"
      ? brokenText(expectation, measured)
      : `${first.check}: ${first.status === "unknown" ? first.reason : (first.evidence[0]?.text ?? "")}`;
  const meaning = status === "unknown" ? " What was not shown does not count as passed." : "";
  return `${own}.${more}${meaning}`.replaceAll("..", ".");
}

function brokenText(expectation: Expectation, measured: Measurement): string {
  const { margin, value } = held(expectation, measured);
  const by = margin === null ? "" : `, ${margin.startsWith("-") ? `over by ${margin.slice(1)}` : margin}`;
  return `${expectation.measure} was ${value} at worst; required ${required(expectation, measured.unit)}${by}`;
}

/** What a limit was held against: its value at worst, and the margin to the limit. */
function held(
  { comparator, limit }: Expectation,
  measured: Measurement,
): { readonly value: string; readonly margin: string | null } {
  if (measured.kind === "not-measured") return { value: `not measured: ${measured.reason}`, margin: null };
  if (measured.kind === "beyond")
    return { value: `more than ${quantity(measured.atLeast, measured.unit)}`, margin: null };
  const isUpper = comparator.startsWith("<") || comparator === "==";
  const worst = isUpper ? measured.high : measured.low;
  const share = (isUpper ? limit - worst : worst - limit) / limit;
  const digits = measured.unit === "ms" ? 0 : 2;
  return {
    value: quantity(worst, measured.unit),
    margin: Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : null,
  };
}

function required({ comparator, limit }: Expectation, unit: Unit): string {
  return `${comparator} ${quantity(limit, unit)}`;
}

function numbersOf({ measurements, verdicts }: Report, expectation: Expectation): readonly Cell[] {
  const measured = measurements.find(({ measure }) => measure === expectation.measure);
  const status: VerdictStatus = verdicts.find(({ check }) => check === expectation.text)?.status ?? "unknown";
  if (measured === undefined)
    return [expectation.measure, "not measured", expectation.text, "", { html: badge(status) }];
  const { value, margin } = held(expectation, measured);
  return [expectation.measure, value, required(expectation, measured.unit), margin ?? "", { html: badge(status) }];
}

function links({ verdicts, plan }: Report): string {
  const bad = verdicts.filter(({ status }) => status !== "pass");
  const all = [
    ...(bad.some(({ status }) => status === "fail") ? [`<a href="#w1">the first anomaly</a>`] : []),
    ...(bad.length > 0 ? [`<a href="#bad">what does not hold</a>`] : []),
    `<a href="#timeline">what happened when</a>`,
    `<a href="#series">all ${plan.repetitions > 1 ? `${plan.repetitions} ` : ""}repetitions</a>`,
    `<a href="#again">run it again</a>`,
  ];
  return `<nav aria-label="On this page">Go to ${all.join(" · ")}</nav>`;
}

function traffic({ verdicts, traffic: { ok, fail, info, okDuringFaults }, faults, measurements }: Report): string {
  const of = (wanted: VerdictStatus): number => verdicts.filter(({ status }) => status === wanted).length;
  const counts = `${of("pass")} of ${verdicts.length} criteria hold, ${of("fail")} broken, ${of("unknown")} not shown.`;
  const inForce = faults.map(
    ({ fault, injectedMs, healedMs }) =>
      `${fault} was in force for ${healedMs === null ? "the rest of the run" : formatMs(healedMs - injectedMs)}`,
  );
  const operations = `${ok} operations were acknowledged, ${okDuringFaults} of them while a fault was in force; ${fail} were refused (failed compare-and-sets among them), ${info} have an unknown end.`;
  const told = inForce.length > 0 && inForce.length <= 3 ? ` ${inForce.join(", ")}.` : "";
  return `${counts}${told} ${measurements.length === 0 ? "Nothing was measured. " : ""}${operations}`;
}

/** Everything that was measured, whether a limit is on it or not. */
export function measurementTable({ measurements, plan }: Report): string {
  const rows = measurements.map((measurement) => {
    const limits = plan.expectations.filter(({ measure }) => measure === measurement.measure);
    return [
      measurement.measure,
      valueText(measurement),
      limits.map(({ text }) => text).join(", ") || "nothing is asked of it here",
      measurement.kind === "measured" && measurement.resolutionMs !== null
        ? `${Math.round(measurement.resolutionMs)} ms`
        : "",
      measurement.kind === "not-measured" ? "" : measurement.note,
    ];
  });
  return table("Every measure", ["Measure", "Value (at worst)", "Required", "Resolution", "How it was told"], rows);
}

function valueText(measurement: Measurement): string {
  if (measurement.kind === "measured") return measurementText(measurement).slice(measurement.measure.length + 1);
  if (measurement.kind === "beyond") return `more than ${quantity(measurement.atLeast, measurement.unit)}`;
  return `not measured: ${measurement.reason}`;
}

/** Every verdict with what it rests on, those that do not hold open and first. */
export function checked(verdicts: readonly Verdict[]): string {
  const bad = verdicts.filter(({ status }) => status !== "pass");
  const good = verdicts.filter(({ status }) => status === "pass");
  const first = bad.length === 0 ? "" : `<div id="bad">${bad.map(verdictSection).join("\n")}</div>`;
  return `${first}${good.map(verdictSection).join("\n")}`;
}

const mostEvidence = 40;

function verdictSection(verdict: Verdict): string {
  const reason = verdict.status === "unknown" ? `<p>${safe(verdict.reason)}</p>` : "";
  const items = verdict.evidence.slice(0, mostEvidence).map(({ text }) => `<li>${safe(text)}</li>`);
  const more =
    verdict.evidence.length > mostEvidence
      ? `<li>and ${verdict.evidence.length - mostEvidence} more in report.json</li>`
      : "";
  // What is broken stands above already, with its operations.
  const open = verdict.status === "unknown" ? " open" : "";
  return `<details${open}><summary>${badge(verdict.status)} ${safe(verdict.check)}</summary>${reason}<ul>${items.join("")}${more}</ul></details>`;
}
