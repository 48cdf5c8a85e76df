import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeJsonAtomic } from "../core/atomic-file.ts";
import { atPointer, isList, isObject, type Json, type JsonObject, parseJson } from "../core/json.ts";
import { withFolderLock } from "../core/lock.ts";
import type { Measurement } from "../core/measurement.ts";
import type { Plan } from "../core/plan.ts";
import type { RunOutcome } from "../core/run-outcome.ts";

/** The fields of `performance.json`, by the measure that each is the worst value of. */
const performanceFields = {
  failover_time: "failover.time",
  p2p_connection_time: "p2p.connection",
  conflict_resolution_time: "conflict.resolution",
} as const;

/**
 * Writes the fixed files beside the run folders: `chaos_<class>.json` of this series, and `performance.json` over the latest series of each
 * scenario in the folder. Under a lock: several runs may end at once.
 */
export async function writeContractFiles(
  outFolder: string,
  series: string,
  runs: readonly RunOutcome[],
): Promise<void> {
  const [first] = runs.map(planOf);
  if (first === undefined) return;
  const perRun = runs.map(recovered);
  await withFolderLock(outFolder, () => {
    writeJsonAtomic(join(outFolder, `chaos_${first.scenario.class}.json`), {
      recovery_successful: perRun.every(({ isRecovered }) => isRecovered),
      class: first.scenario.class,
      scenario: first.scenario.name,
      series,
      profile: first.profile,
      runs: perRun,
      reports: runs.flatMap((run) => (run.kind === "judged" ? [run.report] : [])),
    });
    writeJsonAtomic(join(outFolder, "performance.json"), performance(latestSeries(outFolder)));
  });
}

function planOf(run: RunOutcome): Plan {
  return run.kind === "judged" ? run.report.plan : run.plan;
}

/** Whether a run recovered: the steady state came back, within the limit that the scenario sets. Anything short of shown is no. */
function recovered(run: RunOutcome): { readonly run: string; readonly isRecovered: boolean; readonly reason: string } {
  const id = basename(run.folder);
  if (run.kind === "broken-off") return { run: id, isRecovered: false, reason: `broken off: ${run.thrown.message}` };
  const measured = run.report.measurements.find(({ measure }) => measure === "recovery.time");
  const verdict = run.report.verdicts.find(({ check }) => check.startsWith("recovery.time"));
  const isRecovered = measured?.kind === "measured" && verdict?.status !== "fail" && verdict?.status !== "unknown";
  return { run: id, isRecovered, reason: isRecovered ? "recovered" : recoveryReason(measured) };
}

function recoveryReason(measured: Measurement | undefined): string {
  if (measured === undefined) return "recovery was not measured";
  if (measured.kind === "measured") return `recovery took up to ${Math.round(measured.high)} ms`;
  return measured.kind === "beyond" ? `not recovered after ${Math.round(measured.atLeast)} ms` : measured.reason;
}

/** The reports of the latest series of each scenario in a folder, and the runs of them that have none. */
function latestSeries(outFolder: string): readonly SeriesFolder[] {
  const folders = readdirSync(outFolder)
    .map((name) => join(outFolder, name))
    .filter((folder) => existsSync(join(folder, "run.json")))
    .flatMap(readRunFolder);
  const latest = new Map<string, SeriesFolder>();
  for (const folder of folders) {
    const known = latest.get(folder.scenario);
    if (known === undefined || folder.startedAt > known.startedAt) latest.set(folder.scenario, folder);
  }
  return folders.filter((folder) => latest.get(folder.scenario)?.series === folder.series);
}

interface SeriesFolder {
  readonly scenario: string;
  readonly series: string;
  readonly startedAt: string;
  /** As the report has them; empty where there is none. */
  readonly measurements: readonly Json[];
  readonly expected: readonly (Json | undefined)[];
}

function readRunFolder(folder: string): readonly SeriesFolder[] {
  const run = readObject(join(folder, "run.json"));
  const plan = readObject(join(folder, "plan.json"));
  const report = readObject(join(folder, "report.json"));
  const [scenario, series, startedAt] = [
    atPointer(plan, "/scenario/name"),
    atPointer(run, "/run/series"),
    atPointer(run, "/run/startedAt"),
  ];
  if (typeof scenario !== "string" || typeof series !== "string" || typeof startedAt !== "string") return [];
  const expectations = atPointer(plan, "/expectations");
  const measurements = atPointer(report, "/measurements");
  const expected = (isList(expectations) ? expectations : []).map((one) => atPointer(one, "/measure"));
  return [{ scenario, series, startedAt, expected, measurements: isList(measurements) ? measurements : [] }];
}

/** The worst value of each field in seconds; absent, with the reason beside it, where a run that should have measured it did not. */
function performance(runs: readonly SeriesFolder[]): Readonly<Record<string, number | string>> {
  const fields: Record<string, number | string> = {};
  for (const [field, measure] of Object.entries(performanceFields)) {
    const due = runs.filter(({ expected }) => expected.includes(measure));
    const found = due.map(({ measurements }) => measurements.find((one) => atPointer(one, "/measure") === measure));
    const highs = found.map((one) => (one === undefined ? undefined : atPointer(one, "/high"))).filter(isNumber);
    if (due.length === 0) fields[`${field}_reason`] = "no run in this folder measures it";
    else if (highs.length < due.length) {
      fields[`${field}_reason`] =
        `${due.length - highs.length} of ${due.length} runs that should have measured it did not`;
    } else fields[field] = secondsOf(Math.max(...highs));
  }
  return fields;
}

/** Seconds with six digits, as finely as the clock's stamps are kept. */
function secondsOf(ms: number): number {
  return Math.round(ms * 1000) / 1e6;
}

/** The object in a JSON file; an empty one if it is not there or not whole. */
function readObject(file: string): JsonObject {
  const value = existsSync(file) ? parseJson(readFileSync(file, "utf8"))?.value : undefined;
  return isObject(value) ? value : {};
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
