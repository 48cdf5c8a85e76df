import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeJsonAtomic } from "../core/atomic-file.ts";
import { chaosFile, performanceFile, seriesRecord, type SeriesRecord, type Unjudged } from "../core/contract.ts";
import { atPointer, isList, isObject, type JsonObject, parseJson } from "../core/json.ts";
import { withFolderLock } from "../core/lock.ts";
import type { Report } from "../core/report.ts";
import { reportShape } from "../core/report-schema.ts";
import { type ChaosClass, chaosClasses } from "../core/scenario.ts";

/**
 * Writes the fixed files beside the run folders: `chaos_<class>.json` of the latest series of each scenario of that class, and
 * `performance.json` over the latest series of each scenario in the folder. Under a lock: several runs may end at once.
 */
export async function writeContractFiles(outFolder: string): Promise<void> {
  await withFolderLock(outFolder, () => {
    const latest = latestSeries(outFolder);
    const files = chaosClasses.flatMap((name) => {
      const own = latest.filter(({ scenario }) => scenario.class === name);
      return own.length === 0 ? [] : [chaosFile(name, own.map(recordOf))];
    });
    for (const file of files) writeJsonAtomic(join(outFolder, `chaos_${file.class}.json`), file);
    writeJsonAtomic(join(outFolder, "performance.json"), performanceFile(files));
  });
}

/** A run's folder, as far as it got. */
interface RunOnDisk {
  readonly scenario: { readonly name: string; readonly class: ChaosClass };
  readonly series: string;
  readonly planned: number;
  readonly startedAt: string;
  /** What it came to: a report, or the reason why there is none. */
  readonly result: Report | Unjudged;
}

interface SeriesOnDisk {
  readonly scenario: RunOnDisk["scenario"];
  readonly runs: readonly RunOnDisk[];
}

/** The latest series of each scenario in a folder: the one of which a run began last. */
function latestSeries(outFolder: string): readonly SeriesOnDisk[] {
  const runs = readdirSync(outFolder)
    .map((name) => join(outFolder, name))
    .filter((folder) => existsSync(join(folder, "run.json")))
    .flatMap(readRunFolder)
    .sort((left, right) => left.startedAt.localeCompare(right.startedAt));
  return [...Map.groupBy(runs, ({ scenario }) => scenario.name).values()].flatMap((own) => {
    const last = own.at(-1);
    if (last === undefined) return [];
    return [{ scenario: last.scenario, runs: own.filter(({ series }) => series === last.series) }];
  });
}

function recordOf({ scenario, runs }: SeriesOnDisk): SeriesRecord {
  return seriesRecord({
    scenario: scenario.name,
    series: runs[0]?.series ?? "",
    planned: Math.max(...runs.map(({ planned }) => planned)),
    brokenOff: runs.flatMap(({ result }) => ("seal" in result ? [] : [result])),
    reports: runs.flatMap(({ result }) => ("seal" in result ? [result] : [])),
  });
}

/** What stands in a run's folder; nothing where not even scenario and series can be read. */
function readRunFolder(folder: string): readonly RunOnDisk[] {
  const run = readObject(join(folder, "run.json"));
  const plan = readObject(join(folder, "plan.json"));
  const report = readObject(join(folder, "report.json"));
  const [name, series, startedAt] = [
    atPointer(plan, "/scenario/name"),
    atPointer(run, "/run/series"),
    atPointer(run, "/run/startedAt"),
  ];
  const ofClass = chaosClasses.find((one) => one === atPointer(plan, "/scenario/class"));
  if (typeof name !== "string" || typeof series !== "string" || typeof startedAt !== "string") return [];
  if (ofClass === undefined) return [];
  const planned = atPointer(run, "/run/planned");
  return [
    {
      scenario: { name, class: ofClass },
      series,
      startedAt,
      // Not said by whoever wrote it: then more were planned than there can be.
      planned: typeof planned === "number" ? planned : Number.MAX_SAFE_INTEGER,
      result: reportShape.is(report) ? report : unjudged(basename(folder), run, plan),
    },
  ];
}

function unjudged(id: string, run: JsonObject, plan: JsonObject): Unjudged {
  const notes = atPointer(run, "/notes");
  const told = (isList(notes) ? notes : []).filter((note) => typeof note === "string").join("; ");
  const expectations = atPointer(plan, "/expectations");
  const measures = (isList(expectations) ? expectations : []).map((one) => atPointer(one, "/measure"));
  const repetition = atPointer(plan, "/repetition");
  const state = atPointer(run, "/state");
  return {
    run: id,
    variant: textAt(plan, "/variant/name", "unknown"),
    repetition: typeof repetition === "number" ? repetition : 1,
    reason:
      state === "broken-off" ? `broken off: ${told}` : "it was not carried through: its folder has no readable report",
    reproduce: textAt(run, "/run/reproduce", `prism-chaos run ${textAt(plan, "/scenario/name", "")}`),
    expected: measures.filter((measure) => typeof measure === "string"),
  };
}

function textAt(document: JsonObject, pointer: string, otherwise: string): string {
  const text = atPointer(document, pointer);
  return typeof text === "string" && text !== "" ? text : otherwise;
}

/** The object in a JSON file; an empty one if it is not there or not whole. */
function readObject(file: string): JsonObject {
  const value = existsSync(file) ? parseJson(readFileSync(file, "utf8"))?.value : undefined;
  return isObject(value) ? value : {};
}
