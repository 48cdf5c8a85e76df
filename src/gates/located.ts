import type { Finding } from "../core/decision.ts";
import type { Report } from "../core/report.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";

/** Findings with the run that they are about: its scenario, variant, repetition and attempt, and the line of the scenario that asks for it. */
export function located(findings: readonly Finding[], chaos: readonly ChaosEvidence[]): readonly Finding[] {
  const files = new Map(chaos.map(({ file, content }) => [file, content]));
  return findings.map((finding) => {
    const [, series, kind, index] = /^\/series\/(\d+)(?:\/(reports|brokenOff)\/(\d+))?/.exec(finding.field) ?? [];
    const record = series === undefined ? undefined : files.get(finding.file)?.series[Number(series)];
    if (record === undefined) return finding;
    const report = kind === "reports" ? record.reports[Number(index)] : undefined;
    if (report !== undefined) return { ...finding, ...ofReport(report, finding) };
    const broken = kind === "brokenOff" ? record.brokenOff[Number(index)] : undefined;
    const variant = broken === undefined ? {} : { variant: broken.variant, repetition: String(broken.repetition) };
    return { ...finding, scenario: record.scenario, ...variant };
  });
}

function ofReport({ plan, run }: Report, { about, field }: Finding): Partial<Finding> {
  const at = /\/verdicts\/(\d+)/.exec(field)?.[1];
  const asked =
    at === undefined ? undefined : plan.expectations.find((one) => one.text === about || one.measure === about)?.text;
  const line = [asked, about, plan.expectations.find((one) => one.measure === about)?.text]
    .flatMap((text) => (text === undefined ? [] : (plan.source.lines[text] ?? [])))
    .at(0);
  return {
    scenario: plan.scenario.name,
    variant: plan.variant.name,
    repetition: `${plan.repetition} of ${plan.repetitions}`,
    ...(run.attempt === null ? {} : { attempt: run.attempt }),
    ...(line === undefined ? {} : { source: { file: plan.source.file, line } }),
  };
}
