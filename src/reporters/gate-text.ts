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
  const { criteria, blocking_issues: issues, exit_code: exitCode } = decision;
  const heads: Row = ["criterion", "file", "measured (worst)", "required", "verdict"];
  const rows = criteria.map(({ criterion, measured, required, status, file }): Row => {
    return [criterion, file, measured, required, status].map(printable);
  });
  return [
    table([heads, ...rows], columns, block),
    ...issues.map((issue) => `\n${reasonText(issue, columns)}`),
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

function reasonText({ kind, reason, file, field, measured, required, command }: Finding, columns: number): string {
  const told = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  const lines = [
    `${painted(words[kind])}  ${printable([file, field].filter((part) => part !== "").join(" "))}`,
    `${indent}${printable(told)}`,
    `${indent}measured ${printable(measured)}, required ${printable(required)}`,
    `${indent}again  ${printable(command)}`,
  ];
  return lines.map((line) => wrap(line, columns, `${indent}  `)).join("\n");
}

function sentence(decision: Decision): string {
  const { recommendation, go_criteria_met: met, go_criteria_total: total, blocking_issues: issues } = decision;
  const count =
    issues.length === 0 ? "" : `, ${issues.length} ${issues.length === 1 ? "reason" : "reasons"} against it`;
  return `${painted(recommendation)}: ${met} of ${total} criteria met (${decision.readiness_percentage} %)${count}`;
}
