import type { CriterionResult, Decision, Finding, FindingKind, WaivedFinding } from "../core/decision.ts";
import { fitted, type Section } from "./fitted.ts";
import { longestSummaryBytes, tableRow, tableSection } from "./markdown.ts";
import { codeText, markupText } from "./markup-text.ts";

const words: Readonly<Record<FindingKind, CriterionResult["status"]>> = {
  unusable: "UNUSABLE",
  broken: "FAIL",
  inconclusive: "INCONCLUSIVE",
};

/** The gate's decision as Markdown: the answer first, then each reason against it, then every criterion. */
export function decisionMarkdown(decision: Decision, limitBytes = longestSummaryBytes): string {
  const { recommendation, go_criteria_met: met, go_criteria_total: total, blocking_issues: issues } = decision;
  const { waived_issues: waived, warnings } = decision;
  const against =
    issues.length === 0 ? "" : `; ${issues.length} ${issues.length === 1 ? "reason" : "reasons"} against it`;
  const line = `**${recommendation}**: ${met} of ${total} criteria met (${decision.readiness_percentage} %)${against}.`;
  const heads = ["verdict", "criteria", "reason", "measured", "required", "where"];
  const commands = [...new Set(issues.map(({ command }) => command))].map(markupText);
  const again: Section = {
    before: ["", "### Make it anew", "", "<pre>"],
    rows: commands,
    after: ["</pre>"],
    called: "commands",
  };
  return fitted(
    [
      { before: [line], rows: [], after: [], called: "" },
      ...tableSection("Reasons against it", { heads, rows: issues.map(issueRow), called: "reasons" }),
      ...tableSection("Waived for now", { heads: waivedHeads, rows: waived.map(waivedRow), called: "waivers" }),
      ...tableSection("Warnings", { heads: ["what"], rows: warnings.map(warningRow), called: "warnings" }),
      ...results("Criteria", decision.criteria),
      ...results("No-go triggers", decision.no_go_triggers),
      ...(commands.length > 0 ? [again] : []),
    ],
    limitBytes,
  );
}

const waivedHeads = ["criteria", "reason", "measured", "required", "waived because", "owner", "until"];

function waivedRow({ criteria, reason, measured, required, waiver }: WaivedFinding): string {
  const { owner, issue, expires } = waiver;
  const told = [criteria.join(", "), reason, measured, required, waiver.reason, `${owner}, ${issue}`, expires];
  return tableRow(told.map((text) => codeText(text)));
}

function warningRow(text: string): string {
  return tableRow([codeText(text)]);
}

function results(title: string, all: readonly CriterionResult[]): readonly Section[] {
  const rows = all.map(({ criterion, status, measured, required, file }) =>
    tableRow([codeText(criterion), codeText(measured), codeText(required), codeText(file), status]),
  );
  return tableSection(title, {
    heads: ["criterion", "measured (worst)", "required", "file", "verdict"],
    rows,
    called: "criteria",
  });
}

function issueRow({ kind, criteria, reason, file, field, measured, required, source }: Finding): string {
  const place = [file, field].filter((part) => part !== "").join(" ");
  return tableRow([
    words[kind],
    criteria.length === 0 ? "all" : codeText(criteria.join(", ")),
    codeText(reason),
    codeText(measured),
    codeText(required),
    codeText(place) + (source === undefined ? "" : `<br>${codeText(`${source.file}:${source.line}`)}`),
  ]);
}
