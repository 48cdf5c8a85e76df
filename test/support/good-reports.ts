import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectationVerdicts } from "../../src/checks/expectations.ts";
import {
  type ChaosFile,
  chaosFile,
  performanceFile,
  type PerformanceFile,
  seriesRecord,
} from "../../src/core/contract.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { planDigest } from "../../src/core/plan.ts";
import { type Report, sealed } from "../../src/core/report.ts";
import { chaosClasses, type ChaosClass, type Expectation } from "../../src/core/scenario.ts";
import { timeMeasurement, type Track } from "../../src/core/track.ts";
import { worstStatus } from "../../src/core/verdict.ts";

/** Where the gate's fixtures lie. `base.json` is the report of a real run; the rest is made from it. */
export const reportFixtures = join(import.meta.dirname, "..", "..", "fixtures", "reports");

/** A folder of reports and a coverage file, as they lie after a good campaign. */
export interface GoodReports {
  readonly chaos: Readonly<Record<ChaosClass, ChaosFile>>;
  readonly performance: PerformanceFile;
  readonly coverage: { readonly summary: { readonly line_coverage: number } };
}

/** The report of a real run; of `run leader-loss --variant kill --nodes 3` unless another file is named. */
export function baseReport(file = join(reportFixtures, "base.json")): Report {
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}

const limit = (measure: string, text: string, limitMs: number): Expectation => {
  const comparator = text.startsWith("<=") ? "<=" : "<";
  return { text: `${measure} ${text}`, measure, comparator, limit: limitMs };
};
const recovery = limit("recovery.time", "<= 5s", 5000);

/** What each class expects beside recovery, and how many runs its series has. */
const classes: Readonly<Record<ChaosClass, { readonly expects: readonly Expectation[]; readonly runs: number }>> = {
  network_partition: { expects: [limit("conflict.resolution", "< 2s", 2000)], runs: 1 },
  resource_exhaustion: { expects: [], runs: 1 },
  cascading_failure: { expects: [limit("p2p.connection", "< 3s", 3000)], runs: 1 },
  leader_election_failure: { expects: [limit("failover.time", "< 5s", 5000)], runs: 2 },
  data_corruption: { expects: [], runs: 1 },
};

/** A folder in which every class passed, made by the project's own functions from one real report. */
export function goodReports(base: Report): GoodReports {
  const files = chaosClasses.map((name) => {
    const { expects, runs } = classes[name];
    const scenario = name.replaceAll("_", "-");
    const reports = Array.from({ length: runs }, (_, index) =>
      reportOf(base, { name, expects, number: index + 1, runs }),
    );
    const [{ run } = base] = reports;
    return chaosFile(name, [seriesRecord({ scenario, series: run.series, planned: runs, brokenOff: [], reports })]);
  });
  return {
    chaos: Object.fromEntries(files.map((file) => [file.class, file])) as Record<ChaosClass, ChaosFile>,
    performance: performanceFile(files),
    coverage: { summary: { line_coverage: 96.4 } },
  };
}

interface Place {
  readonly name: ChaosClass;
  readonly expects: readonly Expectation[];
  readonly number: number;
  readonly runs: number;
}

function reportOf(base: Report, { name, expects, number, runs }: Place): Report {
  const scenario = name.replaceAll("_", "-");
  const { digest: _digest, ...rest } = base.plan;
  const plan = {
    ...rest,
    scenario: { name: scenario, title: `For the gate: ${scenario}`, class: name },
    expectations: [...expects, recovery],
    repetition: number,
    repetitions: runs,
  };
  const reproduce = `prism-chaos run ${scenario} --variant ${plan.variant.name} --seed ${plan.seriesSeed}`;
  return judgedAgain({
    ...base,
    run: { ...base.run, id: `${scenario}-${number}`, series: `${scenario}-series`, planned: runs, reproduce },
    plan: { ...plan, digest: planDigest(plan) },
    measurements: withTimes(base, expects),
  });
}

/** The base's measurements, and in the place of those that it could not make the times that are expected here. */
function withTimes(base: Report, expects: readonly Expectation[]): readonly Measurement[] {
  const own = expects.flatMap(({ measure }) => ownTime(measure, base));
  return [...base.measurements.filter(({ measure }) => !own.some((one) => one.measure === measure)), ...own];
}

/** A time that the base did not measure: of two joins, or from when its fault was gone. */
function ownTime(measure: string, { measurements, faults }: Report): readonly Measurement[] {
  if (measurements.some((one) => one.measure === measure && one.kind === "measured")) return [];
  const timed = { measure, note: "made for the gate", samples: 4 };
  if (measure === "p2p.connection") return [timeMeasurement([trackTo("n2", 620), trackTo("n3", 840)], timed)];
  const [{ fault, healStartedMs, healedMs } = unhealed] = faults;
  const [fromMs, openMs] = [healStartedMs ?? 0, healedMs ?? 0];
  const looks = [
    [openMs + 1, false],
    [fromMs + 840, true],
  ] as const;
  return [timeMeasurement([{ subject: fault, from: [fromMs, openMs], looks, holdMs: 0 }], timed)];
}

const unhealed = { fault: "none", healStartedMs: null, healedMs: null };

/** A track that begins at 1000 ms and holds after so long; not yet 10 ms before. */
export function trackTo(subject: string, afterMs: number): Track {
  const looks = [
    [990 + afterMs, false],
    [1000 + afterMs, true],
  ] as const;
  return { subject, from: [1000, 1000], looks, holdMs: 0 };
}

/** The report as it would have been written with these measurements and this plan: limits judged, status and seals new. */
export function judgedAgain(report: Report): Report {
  const { seal: _seal, ...rest } = report;
  const { plan, measurements } = rest;
  const checked = rest.verdicts.filter(({ check }) => plan.checks.includes(check));
  const verdicts = [...checked, ...expectationVerdicts(plan, measurements)];
  return sealed({ ...rest, verdicts, status: worstStatus(verdicts) });
}
