import { cut } from "../core/printable.ts";
import { caseSentence, casesOf, type CriterionCase } from "./criterion-case.ts";
import { markupText } from "./markup-text.ts";
import { durationOf, headOf, inOrder, type JudgedRun, type ReportedRun, type UnjudgedRun } from "./reported.ts";

/** The body has it all. */
const longestMessage = 300;
/** So many lines of evidence stand in a failure's body; the report has all. */
const mostEvidence = 20;

/**
 * Runs as JUnit XML: a suite for each variant of a scenario, a case for each criterion of each run. What was not shown, and a run that was
 * not judged, is an error, never skipped; no run at all is one error. Readers drop attributes, so the numbers stand in the bodies.
 */
export function junit(runs: readonly ReportedRun[]): string {
  const groups = Map.groupBy(inOrder(runs), (one) => `${headOf(one).scenario}.${headOf(one).variant}`);
  const suites = [...groups].map(([name, own]) => suiteOf(name, own));
  const told = suites.length > 0 ? suites : [emptySuite];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element(
      "testsuites",
      { name: "prism-chaos", ...counts(told), time: seconds(sum(told, ({ ms }) => ms)) },
      told.map(({ text }) => text),
    ),
    "",
  ].join("\n");
}

/** What a suite counts, and its text. */
interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  /** What its runs took, in ms. */
  readonly ms: number;
  readonly text: string;
}

/** A case as text, and how it counts. */
interface Case {
  readonly kind: "pass" | "failure" | "error";
  readonly text: string;
}

const emptySuite: Suite = suiteFrom("prism-chaos", {
  runs: [],
  cases: [
    {
      kind: "error",
      text: element("testcase", { name: "there is a run to tell of", classname: "prism-chaos", time: "0" }, [
        outcome("error", { message: "no run was found", type: "missing" }, ["no run was found: nothing was shown"]),
      ]),
    },
  ],
});

function suiteOf(name: string, runs: readonly ReportedRun[]): Suite {
  return suiteFrom(name, { runs, cases: runs.flatMap(casesOfRun) });
}

function suiteFrom(
  name: string,
  { runs, cases }: { readonly runs: readonly ReportedRun[]; readonly cases: readonly Case[] },
): Suite {
  const judged = runs.flatMap((one) => (one.kind === "judged" ? [one.report] : []));
  const ms = sum(judged, durationOf);
  const own = {
    tests: cases.length,
    failures: cases.filter(({ kind }) => kind === "failure").length,
    errors: cases.filter(({ kind }) => kind === "error").length,
  };
  const starts = runs.flatMap((one) => (one.kind === "judged" ? [one.report.run.startedAt] : (one.startedAt ?? [])));
  // Readers of this format take no zone; it is UTC.
  const timestamp = starts.toSorted()[0]?.replace(/(\.\d+)?Z$/, "");
  const facts = {
    seed: judged.map(({ plan }) => plan.seriesSeed),
    commit: judged.map(({ run }) => run.commit ?? "none"),
    profile: judged.map(({ plan }) => plan.profile),
    target: judged.map(({ plan }) => plan.target.name),
    "prism-chaos": judged.map(({ run }) => run.tool.version),
  };
  const properties = Object.entries(facts)
    .filter(([, values]) => values.length > 0)
    .map(([key, values]) => element("property", { name: key, value: [...new Set(values)].join(", ") }, []));
  const attributes = { name, ...own, skipped: 0, time: seconds(ms), ...(timestamp === undefined ? {} : { timestamp }) };
  const text = element("testsuite", attributes, [
    ...(properties.length > 0 ? [element("properties", {}, properties)] : []),
    ...cases.map((one) => one.text),
  ]);
  return { ...own, ms, text };
}

function casesOfRun(run: ReportedRun): readonly Case[] {
  if (run.kind === "unjudged") return [unjudgedCase(run)];
  const cases = casesOf(run.report);
  // Readers add cases up: so shared, the sum is what the run took.
  const time = seconds(durationOf(run.report) / Math.max(1, cases.length));
  return [...cases.map((one) => criterionCase(one, run, time)), ...residueCase(run)];
}

function criterionCase(one: CriterionCase, run: JudgedRun, time: string): Case {
  const { file, line, status } = one;
  const attributes = { ...named(run, one.name), file, line, time };
  if (status === "pass") return { kind: "pass", text: element("testcase", attributes, []) };
  const message = cut(`${one.name}: ${caseSentence(one)}`, longestMessage);
  const kind = status === "fail" ? "failure" : "error";
  const body = [
    `measured: ${one.measured}`,
    `required: ${one.required}`,
    ...(one.margin === "" ? [] : [`by: ${one.margin}`]),
    ...(one.reason === "" ? [] : [`not shown: ${one.reason}`]),
    ...one.evidence.slice(0, mostEvidence).map((text) => `evidence: ${text}`),
    ...(one.evidence.length > mostEvidence ? [`evidence: and ${one.evidence.length - mostEvidence} more`] : []),
    ...placeLines(run, { file, line }),
  ];
  const told = outcome(kind, { message, type: status === "fail" ? "broken" : "unknown" }, body);
  return { kind, text: element("testcase", attributes, [told]) };
}

function residueCase(run: JudgedRun): readonly Case[] {
  if (run.residue.length === 0) return [];
  const body = [...run.residue.map((text) => `left: ${text}`), ...placeLines(run, run.report.plan.source)];
  const message = "something could not be healed";
  const attributes = { ...named(run, "nothing is left behind"), time: "0" };
  const told = outcome("error", { message, type: "residue" }, body);
  return [{ kind: "error", text: element("testcase", attributes, [told]) }];
}

function unjudgedCase(run: UnjudgedRun): Case {
  const { source, reason } = run;
  const place = source === null ? {} : { file: source.file, line: source.line };
  const body = [`${run.how}: ${reason}`, ...placeLines(run, source)];
  const attributes = { ...named(run, "the run is carried through"), ...place, time: "0" };
  const told = outcome("error", { message: `${run.how}: ${reason}`, type: "not-judged" }, body);
  return { kind: "error", text: element("testcase", attributes, [told]) };
}

/** What a case is called: the same from run to run, so that a reader can follow it. */
function named(run: ReportedRun, name: string): { readonly name: string; readonly classname: string } {
  const { scenario, variant, repetition } = headOf(run);
  return { name: repetition > 1 ? `${name} [${repetition}]` : name, classname: `${scenario}.${variant}` };
}

function placeLines(run: ReportedRun, at: { readonly file: string; readonly line: number } | null): readonly string[] {
  const { repetition, repetitions, run: id, reproduce } = headOf(run);
  return [
    `repetition: ${repetition} of ${repetitions}, run ${id}`,
    ...(at === null ? [] : [`scenario: ${at.file}:${at.line}`]),
    `reproduce: ${reproduce}`,
  ];
}

function outcome(
  name: "failure" | "error",
  attributes: Readonly<Record<string, string>>,
  lines: readonly string[],
): string {
  return `<${name}${attributeText(attributes)}>${lines.map(markupText).join("\n")}</${name}>`;
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[],
): string {
  const head = `<${name}${attributeText(attributes)}`;
  return children.length === 0 ? `${head}/>` : `${head}>\n${children.join("\n")}\n</${name}>`;
}

function attributeText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${markupText(String(value))}"`)
    .join("");
}

function counts(suites: readonly Suite[]): Pick<Suite, "tests" | "failures" | "errors"> {
  return {
    tests: sum(suites, ({ tests }) => tests),
    failures: sum(suites, ({ failures }) => failures),
    errors: sum(suites, ({ errors }) => errors),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
