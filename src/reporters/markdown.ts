import type { VerdictStatus } from "../core/verdict.ts";
import { casesOf, type CriterionCase } from "./criterion-case.ts";
import { fitted, type Section } from "./fitted.ts";
import { codeText, markupText } from "./markup-text.ts";
import { headOf, inOrder, type JudgedRun, type ReportedRun, type UnjudgedRun } from "./reported.ts";

/** A summary is no longer than this, in bytes: a comment of a pull request takes as much, a step's summary more. */
export const longestSummaryBytes = 64 * 1024;

const words: Readonly<Record<VerdictStatus, string>> = { pass: "PASS", fail: "FAIL", unknown: "UNKNOWN" };

/**
 * Runs as Markdown, for a comment or a step's summary: the decision first, then what did not hold, then what was not judged, the runs and
 * their commands. What the system under test said stands in HTML tables as code, where Markdown reads nothing.
 */
export function markdown(runs: readonly ReportedRun[], limitBytes = longestSummaryBytes): string {
  const told = inOrder(runs);
  const judged = told.flatMap((one) => (one.kind === "judged" ? [one] : []));
  const unjudged = told.flatMap((one) => (one.kind === "unjudged" ? [one] : []));
  const bad = told.filter((one) => one.kind === "unjudged" || one.report.status !== "pass" || one.residue.length > 0);
  return fitted(
    [
      { before: [decisionLine(judged, unjudged)], rows: [], after: [], called: "" },
      ...criteriaSection(judged),
      ...residueSection(judged),
      ...unjudgedSection(unjudged),
      ...runsSection(judged),
      ...commandsSection(bad.length > 0 ? bad : told),
    ],
    limitBytes,
  );
}

function decisionLine(judged: readonly JudgedRun[], unjudged: readonly UnjudgedRun[]): string {
  const of = (wanted: VerdictStatus): number => judged.filter(({ report }) => report.status === wanted).length;
  const total = judged.length + unjudged.length;
  if (total === 0) return "**UNKNOWN**: no run was found, so that nothing was shown.";
  const left = judged.filter(({ residue }) => residue.length > 0).length;
  const parts = [
    [of("fail"), "broken"],
    [of("unknown"), "not shown"],
    [unjudged.length, "not judged"],
    [left, "left something behind"],
  ] as const;
  const against = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const word = of("fail") > 0 ? "FAIL" : against.length > 0 ? "UNKNOWN" : "PASS";
  return `**${word}**: ${of("pass")} of ${total} runs passed${against.length > 0 ? `; ${against.join(", ")}` : ""}.`;
}

/** A criterion over the runs of a variant. */
interface Row {
  readonly scenario: string;
  readonly cases: readonly CriterionCase[];
}

function criteriaSection(judged: readonly JudgedRun[]): readonly Section[] {
  const all = judged.flatMap(({ report }) => {
    const scenario = `${report.plan.scenario.name} · ${report.plan.variant.name}`;
    return casesOf(report).map((one) => ({ scenario, one }));
  });
  const groups = Map.groupBy(all, ({ scenario, one }) => JSON.stringify([scenario, one.name]));
  const rows = [...groups.values()].map((own): Row => {
    return { scenario: own[0]?.scenario ?? "", cases: own.map(({ one }) => one) };
  });
  const isGood = ({ cases }: Row): boolean => cases.every(({ status }) => status === "pass");
  const failed = rows.filter((row) => statusOf(row) === "fail");
  const unknown = rows.filter((row) => statusOf(row) === "unknown");
  const good = rows.filter(isGood);
  const heads = ["criterion", "scenario", "measured (worst)", "required", "margin", "n", "verdict"];
  return [
    ...tableSection("What did not hold", {
      heads,
      rows: [...failed, ...unknown].map(criterionRow),
      called: "criteria",
    }),
    ...folded(`${good.length} criteria that hold`, { heads, rows: good.map(criterionRow), called: "criteria" }),
  ];
}

function statusOf({ cases }: Row): VerdictStatus {
  if (cases.some(({ status }) => status === "fail")) return "fail";
  return cases.every(({ status }) => status === "pass") ? "pass" : "unknown";
}

function criterionRow(row: Row): string {
  const { scenario, cases } = row;
  const worst = worstOf(cases);
  const status = statusOf(row);
  const bad = cases.filter((one) => one.status !== "pass").length;
  const why = worst.reason !== "" ? worst.reason : status === "fail" ? (worst.evidence[0] ?? "") : "";
  return tableRow([
    `${codeText(worst.name)}<br>${codeText(`${worst.file}:${worst.line}`)}`,
    codeText(scenario),
    codeText(worst.measured) + (why === "" ? "" : `<br>${codeText(why)}`),
    codeText(worst.required),
    worst.margin === "" ? "" : codeText(worst.margin),
    bad === 0 ? String(cases.length) : `${bad} of ${cases.length}`,
    words[status],
  ]);
}

const severity: Readonly<Record<VerdictStatus, number>> = { fail: 0, unknown: 1, pass: 2 };

/** The case to be told of several: the worst verdict, then the least margin. */
function worstOf([first, ...rest]: readonly CriterionCase[]): CriterionCase {
  if (first === undefined) throw new TypeError("a criterion without a case");
  return rest.reduce((worst, one) => {
    if (severity[one.status] !== severity[worst.status])
      return severity[one.status] < severity[worst.status] ? one : worst;
    return (one.marginShare ?? -Infinity) < (worst.marginShare ?? -Infinity) ? one : worst;
  }, first);
}

function residueSection(judged: readonly JudgedRun[]): readonly Section[] {
  const rows = judged.flatMap(({ report, residue }) =>
    residue.map((text) => tableRow([codeText(report.run.id), codeText(text)])),
  );
  return tableSection("What was left behind", { heads: ["run", "what"], rows, called: "rows" });
}

function unjudgedSection(unjudged: readonly UnjudgedRun[]): readonly Section[] {
  const rows = unjudged.map((run) =>
    tableRow([codeText(run.scenario), codeText(run.variant), codeText(run.run), run.how, codeText(run.reason)]),
  );
  return tableSection("What was not judged", {
    heads: ["scenario", "variant", "run", "how it ended", "why"],
    rows,
    called: "runs",
  });
}

function runsSection(judged: readonly JudgedRun[]): readonly Section[] {
  const rows = judged.map(({ report: { plan, run, status } }) =>
    tableRow([
      codeText(run.id),
      codeText(`${plan.scenario.name} · ${plan.variant.name}`),
      `${plan.repetition} of ${plan.repetitions}`,
      codeText(plan.seriesSeed),
      codeText(run.commit?.slice(0, 12) ?? "none"),
      words[status],
    ]),
  );
  const heads = ["run", "scenario", "repetition", "seed", "commit", "verdict"];
  return folded(`${judged.length} ${judged.length === 1 ? "run" : "runs"}`, { heads, rows, called: "runs" });
}

function commandsSection(runs: readonly ReportedRun[]): readonly Section[] {
  if (runs.length === 0) return [];
  const rows = [...new Set(runs.map((one) => headOf(one).reproduce))].map((command) => markupText(command));
  return [{ before: ["", "### Run it again", "", "<pre>"], rows, after: ["</pre>"], called: "commands" }];
}

/** What stands in a table. */
interface Rows {
  readonly heads: readonly string[];
  readonly rows: readonly string[];
  readonly called: string;
}

/** A table under a heading; nothing for no row. */
export function tableSection(title: string, { heads, rows, called }: Rows): readonly Section[] {
  if (rows.length === 0) return [];
  return [{ before: ["", `### ${title}`, "", "<table>", headRow(heads)], rows, after: ["</table>"], called }];
}

/** The same, folded in. */
function folded(title: string, { heads, rows, called }: Rows): readonly Section[] {
  if (rows.length === 0) return [];
  const before = ["", `<details><summary>${markupText(title)}</summary>`, "<table>", headRow(heads)];
  return [{ before, rows, after: ["</table>", "</details>"], called }];
}

function headRow(heads: readonly string[]): string {
  return `<tr>${heads.map((head) => `<th>${markupText(head)}</th>`).join("")}</tr>`;
}

/** A row of cells that are markup already. */
export function tableRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
