import type { VerdictStatus } from "../core/verdict.ts";
import { caseSentence, casesOf, type CriterionCase } from "./criterion-case.ts";
import { jsonText } from "./json-text.ts";
import { durationOf, headOf, inOrder, type JudgedRun, type ReportedRun, type UnjudgedRun } from "./reported.ts";

/** Of this version of the Common Test Report Format (ctrf.io). */
const specVersion = "0.0.0";

const statuses = { pass: "passed", fail: "failed", unknown: "other" } as const satisfies Record<VerdictStatus, string>;

/** One test, as far as its summary needs it. */
interface Test {
  readonly name: string;
  readonly status: "passed" | "failed" | "other";
  readonly [key: string]: unknown;
}

/**
 * Runs as a CTRF document: a test for each criterion of each run. What was not shown, or not judged, is `other`, with its own word as
 * `rawStatus`; no run at all is one such test. Repetitions are tests of their own: none of them is a retry that makes up for another.
 */
export function ctrf(runs: readonly ReportedRun[]): string {
  const told = inOrder(runs);
  const judged = told.flatMap((one) => (one.kind === "judged" ? [one.report] : []));
  const tests = told.length === 0 ? [missing] : told.flatMap(testsOf);
  const count = (wanted: Test["status"]): number => tests.filter(({ status }) => status === wanted).length;
  const times = told.flatMap((one) => (one.kind === "judged" ? spanOf(one) : startOf(one)));
  const first = judged[0];
  const commits = [...new Set(judged.flatMap(({ run }) => run.commit ?? []))];
  return jsonText({
    reportFormat: "CTRF",
    specVersion,
    generatedBy: "prism-chaos",
    results: {
      tool: { name: "prism-chaos", ...(first === undefined ? {} : { version: first.run.tool.version }) },
      summary: {
        tests: tests.length,
        passed: count("passed"),
        failed: count("failed"),
        skipped: 0,
        pending: 0,
        other: count("other"),
        suites: new Set(told.map((one) => `${headOf(one).scenario}.${headOf(one).variant}`)).size,
        start: Math.min(...(times.length > 0 ? times : [0])),
        stop: Math.max(...(times.length > 0 ? times : [0])),
        duration: judged.reduce((sum, report) => sum + durationOf(report), 0),
      },
      tests,
      environment: {
        ...(commits.length === 1 ? { commit: commits[0] } : {}),
        healthy: tests.every(({ status }) => status === "passed"),
        extra: { prismChaos: { commits } },
      },
    },
  });
}

const missing: Test = {
  name: "there is a run to tell of",
  status: "other",
  rawStatus: "missing",
  duration: 0,
  message: "no run was found: nothing was shown",
};

function testsOf(run: ReportedRun): readonly Test[] {
  if (run.kind === "unjudged") return [unjudgedTest(run)];
  const cases = casesOf(run.report);
  const share = Math.round(durationOf(run.report) / Math.max(1, cases.length));
  return [...cases.map((one) => criterionTest(one, run, share)), ...residueTests(run)];
}

function criterionTest(one: CriterionCase, run: JudgedRun, duration: number): Test {
  const { plan, run: about } = run.report;
  const [start, stop] = spanOf(run);
  return {
    ...common(run, one.name),
    status: statuses[one.status],
    rawStatus: one.status,
    duration,
    start,
    stop,
    filePath: one.file,
    line: one.line,
    ...(one.status === "pass" ? {} : { message: caseSentence(one) }),
    ...(one.status === "pass" ? {} : { trace: [...one.evidence, `reproduce: ${about.reproduce}`].join("\n") }),
    extra: {
      prismChaos: {
        run: about.id,
        series: about.series,
        repetition: plan.repetition,
        repetitions: plan.repetitions,
        seed: plan.seriesSeed,
        commit: about.commit,
        profile: plan.profile,
        planDigest: plan.digest,
        reproduce: about.reproduce,
        expectation: one.expectation,
        measurement: withoutTracks(one),
      },
    },
  };
}

/** The numbers; what they were told from stays in the report. */
function withoutTracks({ measurement }: CriterionCase): object | null {
  if (measurement === null || measurement.kind === "not-measured") return measurement;
  const { tracks: _tracks, ...numbers } = measurement;
  return numbers;
}

function residueTests(run: JudgedRun): readonly Test[] {
  if (run.residue.length === 0) return [];
  const message = `something could not be healed: ${run.residue.join("; ")}`;
  const told = { status: "other", rawStatus: "residue", duration: 0, message } as const;
  return [{ ...common(run, "nothing is left behind"), ...told }];
}

function unjudgedTest(run: UnjudgedRun): Test {
  const { source, series, repetition, reproduce } = run;
  return {
    ...common(run, "the run is carried through"),
    status: "other",
    rawStatus: run.how,
    duration: 0,
    message: `${run.how}: ${run.reason}`,
    trace: `reproduce: ${reproduce}`,
    ...(source === null ? {} : { filePath: source.file, line: source.line }),
    extra: { prismChaos: { run: run.run, series, repetition, reproduce } },
  };
}

function common(run: ReportedRun, name: string): Pick<Test, "name"> & Readonly<Record<string, unknown>> {
  const { scenario, variant, repetition, run: id } = headOf(run);
  const testId = `${scenario}/${variant}/${name}`;
  return {
    name: repetition > 1 ? `${name} [${repetition}]` : name,
    testId,
    executionId: `${id}/${name}`,
    suite: [scenario, variant],
    type: "chaos",
  };
}

function spanOf({ report: { run } }: JudgedRun): readonly [number, number] {
  return [Date.parse(run.startedAt), Date.parse(run.finishedAt)];
}

function startOf({ startedAt }: UnjudgedRun): readonly number[] {
  return startedAt === null || Number.isNaN(Date.parse(startedAt)) ? [] : [Date.parse(startedAt)];
}
