import type { CriterionResult, Decision, Finding, FindingKind } from "../core/decision.ts";
import { exitCodeName } from "../core/exit-code.ts";
import { printable } from "../core/printable.ts";
import { painted, type Row, table } from "./table.ts";
import { wrap } from "./wrap.ts";

const words: Readonly<Record<FindingKind, CriterionResult["status"]>> = {
  unusable: "UNUSABLE",
  broken: "FAIL",
  inconclusive: "INCONCLUSIVE",
};
const indent = " ".repeat(6);
/** Longer reasons are cut here; the decision file has them whole. */
const longestReason = 600;

/** The gate's answer for people: a row for each criterion, then every reason with the command that makes it anew, then the decision in one line. */
export function gateText(decision: Decision, columns: number): string {
  const { criteria, no_go_triggers: triggers, blocking_issues: issues, exit_code: exitCode } = decision;
  const heads: Row = ["criterion", "file", "measured (worst)", "required", "verdict"];
  const told = [...criteria, ...triggers.map((one) => ({ ...one, criterion: `no-go ${one.criterion}` }))];
  const rows = told.map(({ criterion, measured, required, status, file }): Row => {
    return [criterion, file, measured, required, status].map(printable);
  });
  return [
    table([heads, ...rows], columns, block),
    ...issues.map((issue) => `\n${reasonText(issue, columns)}`),
    ...warningLines(decision, columns),
    "",
    wrap(sentence(decision), columns),
    `exit ${exitCode} (${exitCodeName(exitCode)})`,
  ].join("\n");
}

/** A criterion as lines, where the window is too narrow for columns. */
function block([criterion = "", file = "", measured = "", required = "", status = ""]: Row, columns: number): string {
  const facts = `${indent}${measured}, required ${required}, ${file}`;
  return [wrap(`${painted(status)}  ${criterion}`, columns, indent), wrap(facts, columns, indent)].join("\n");
}

/** What does not block and should be looked at, behind all that blocks. */
function warningLines({ warnings }: Decision, columns: number): readonly string[] {
  if (warnings.length === 0) return [];
  return ["", ...warnings.map((warning) => wrap(`${painted("NOTE")}  ${printable(warning)}`, columns, indent))];
}

/** Which run it is about, and where that is asked for; empty where it is about none. */
function runText({ scenario, variant, repetition, attempt, source }: Finding): string {
  const parts = [
    scenario === undefined ? "" : [scenario, variant].filter((part) => part !== undefined).join(" · "),
    repetition === undefined ? "" : `repetition ${repetition}`,
    attempt === undefined || attempt === 1 ? "" : `attempt ${attempt}`,
    source === undefined ? "" : `asked for in ${source.file}:${source.line}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function reasonText(finding: Finding, columns: number): string {
  const { kind, reason, file, field, measured, required, margin, command } = finding;
  const told = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  const lines = [
    `${painted(words[kind])}  ${printable([file, field].filter((part) => part !== "").join(" "))}`,
    `${indent}${printable(told)}`,
    `${indent}measured ${printable(measured)}, required ${printable(required)}${margin === undefined ? "" : `: ${margin}`}`,
    ...(runText(finding) === "" ? [] : [`${indent}${printable(runText(finding))}`]),
    `${indent}again  ${printable(command)}`,
  ];
  return lines.map((line) => wrap(line, columns, `${indent}  `)).join("\n");
}

function sentence(decision: Decision): string {
  const by = decision.policy === null ? "" : `, by the policy ${decision.policy.name}`;
  const { recommendation, go_criteria_met: met, go_criteria_total: total, blocking_issues: issues } = decision;
  const waived = decision.waived_issues.length === 0 ? "" : `, ${decision.waived_issues.length} waived`;
  const count =
    issues.length === 0 ? "" : `, ${issues.length} ${issues.length === 1 ? "reason" : "reasons"} against it`;
  return `${painted(recommendation)}: ${met} of ${total} criteria met (${decision.readiness_percentage} %)${by}${waived}${count}`;
}
