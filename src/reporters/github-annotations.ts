import type { Decision } from "../core/decision.ts";
import { cut, printable } from "../core/printable.ts";
import { caseSentence, casesOf, type CriterionCase } from "./criterion-case.ts";
import { headOf, inOrder, type JudgedRun, type ReportedRun } from "./reported.ts";

/** One remark on a line of a file. */
export interface Annotation {
  readonly level: "error" | "warning";
  /** As the repository writes it; null: on no file. */
  readonly file: string | null;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/** The runner keeps ten of a kind of each step and drops the rest without a word; the tenth says how many there are. */
const mostAnnotations = 9;
const longestMessage = 2000;
/** So much of it is what was found; the command to see it again comes after. */
const longestSentence = 600;

/** What did not hold in these runs, the broken before the not shown, each once for all repetitions. */
export function runAnnotations(runs: readonly ReportedRun[]): readonly Annotation[] {
  const told = inOrder(runs);
  const bad = told.flatMap((one) => (one.kind === "judged" ? badCases(one) : []));
  const groups = Map.groupBy(bad, ({ run, one }) =>
    JSON.stringify([headOf(run).scenario, headOf(run).variant, one.name, one.status]),
  );
  const criteria = [...groups.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [caseAnnotation(first.one, first.run, more.length)],
  );
  const others = told.flatMap((run): readonly Annotation[] => {
    const { scenario, variant, source, reproduce } = headOf(run);
    const at = { file: source?.file ?? null, line: source?.line ?? 1 };
    const left = run.kind === "judged" ? run.residue.map((text) => ({ title: "left behind", text })) : [];
    const ended = run.kind === "unjudged" ? [{ title: run.how, text: run.reason }] : [];
    return [...left, ...ended].map(({ title, text }) => ({
      level: "error",
      ...at,
      title: `${scenario} · ${variant}: ${title}`,
      message: `${text}; reproduce: ${reproduce}`,
    }));
  });
  const all = [...criteria, ...others];
  return [...all.filter(({ level }) => level === "error"), ...all.filter(({ level }) => level === "warning")];
}

/** What stands against a GO. */
export function decisionAnnotations({ blocking_issues: issues }: Decision): readonly Annotation[] {
  return issues.map(({ kind, criteria, reason, file, field, measured, required, command, source }) => ({
    level: kind === "inconclusive" ? "warning" : "error",
    file: source?.file ?? null,
    line: source?.line ?? 1,
    title: `gate: ${criteria.length === 0 ? kind : criteria.join(", ")}`,
    message: `${reason}; measured ${measured}, required ${required}; ${[file, field].filter(Boolean).join(" ")}; again: ${command}`,
  }));
}

/** Remarks as the runner reads them from a log, nine at most and one with the total; none for none. */
export function annotationText(annotations: readonly Annotation[], total: string): string {
  if (annotations.length === 0) return "";
  const told = annotations.slice(0, mostAnnotations);
  const more = annotations.length - told.length;
  const level = annotations.some((one) => one.level === "error") ? "error" : "warning";
  const rest = more > 0 ? ` ${more} more are not annotated; the summary and the reports have all.` : "";
  return [...told, { level, file: null, line: 1, title: "prism-chaos", message: `${total}${rest}` } as const]
    .map(commandText)
    .join("");
}

interface BadCase {
  readonly run: JudgedRun;
  readonly one: CriterionCase;
}

function badCases(run: JudgedRun): readonly BadCase[] {
  return casesOf(run.report)
    .filter(({ status }) => status !== "pass")
    .map((one) => ({ run, one }));
}

function caseAnnotation(one: CriterionCase, run: JudgedRun, more: number): Annotation {
  const { scenario, variant, repetition, repetitions, reproduce } = headOf(run);
  const others = more === 0 ? "" : `, and in ${more} more`;
  return {
    level: one.status === "fail" ? "error" : "warning",
    file: one.file,
    line: one.line,
    title: `${scenario} · ${variant}: ${one.name}${one.status === "fail" ? "" : " was not shown"}`,
    message: `${cut(caseSentence(one), longestSentence)}; repetition ${repetition} of ${repetitions}${others}; reproduce: ${reproduce}`,
  };
}

/** One command on one line. What could end it, or begin another, is escaped as the runner undoes it. */
function commandText({ level, file, line, title, message }: Annotation): string {
  const place = file === null ? {} : { file, line: String(line) };
  const properties = Object.entries({ ...place, title: cut(title, 200) })
    .map(([name, value]) => `${name}=${escapeData(printable(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`)
    .join(",");
  return `::${level} ${properties}::${escapeData(cut(message, longestMessage))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
