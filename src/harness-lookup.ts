import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HarnessError } from "./core/harness-error.ts";
import { printable } from "./core/printable.ts";
import { didYouMean, nearest } from "./core/suggest.ts";
import { readFolder } from "./gates/read-folder.ts";
import { type FoundRun, readContract, readRunFolder, unusable } from "./harness-stored.ts";
import { headOf, type ReportedRun } from "./reporters/reported.ts";

// The part of the composition root that finds the runs that somebody asks to be told of.

/** The runs that were asked for. */
export interface AskedRuns {
  readonly runs: readonly ReportedRun[];
  /** The folder of the one run that there is; null: there are several, or none is known. */
  readonly folder: string | null;
}

/** More than anybody plans: what a contract file says where the number was not known. */
const mostPlanned = 1_000_000;

/**
 * The runs in a run's folder, in a folder of reports, in a chaos_<class>.json, or of a run id below the folder of reports. Throws
 * `HarnessError`: exit 64 for what is none of these, exit 12 for evidence that cannot be believed.
 */
export function runsAskedFor(asked: string | undefined, out: string): AskedRuns {
  const path = asked ?? out;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined && asked === undefined) return { runs: [], folder: null };
  if (found === undefined) return ofRunId(path, out);
  if (found.isFile()) return ofFile(path);
  return isRunFolder(path) ? ofRun(path) : ofFolder(path);
}

function ofRunId(asked: string, out: string): AskedRuns {
  const folder = join(out, asked);
  // A path is not looked up: only a bare name is the id of a run.
  if (basename(asked) === asked && isRunFolder(folder)) return ofRun(folder);
  const known = namesIn(out).filter((name) => isRunFolder(join(out, name)));
  // The latest are listed, but whichever is meant is told.
  const listed = nearest(asked, known) === null ? known.slice(-5) : known;
  const near = known.length === 0 ? `; there is none in ${out}` : didYouMean(asked, listed);
  throw new HarnessError(`there is no run, folder or file "${printable(asked)}"${near}`, {
    code: "no-such-run",
    exit: "usage",
    next: "give the folder of a run, its id, a folder of reports, or a chaos_<class>.json",
  });
}

function ofFile(file: string): AskedRuns {
  if (/^chaos_.*\.json$/.test(basename(file))) return { runs: withNotBegun(readContract(file)), folder: null };
  if (basename(file) === "report.json") return ofRun(dirname(file));
  throw new HarnessError(`${printable(file)} tells of no runs`, {
    code: "no-runs-file",
    exit: "usage",
    next: "give a chaos_<class>.json, the folder of a run, or a folder of reports",
  });
}

function ofRun(folder: string): AskedRuns {
  return { runs: [readRunFolder(folder).run], folder };
}

/** What the contract files tell, and the folders of runs that they do not: of the same series, or of the latest one after them. */
function ofFolder(folder: string): AskedRuns {
  const { files, runFolders, unseen } = readFolder(folder);
  const [hidden] = unseen;
  if (hidden !== undefined) throw unusable(hidden.folder, `it could not be looked through: ${hidden.problem}`);
  const contracts = files.filter(({ file }) => /^chaos_.*\.json$/i.test(basename(file)));
  const told = contracts.flatMap(({ file }) => readContract(file));
  const stored = runFolders.map(readRunFolder);
  const series = new Set(told.map((one) => one.series));
  // Of a run without a report only its own folder knows when it began.
  const known = [...told, ...stored.filter((one) => series.has(one.series))];
  const latest = (scenario: string): string =>
    known.reduce((most, one) => (one.scenario === scenario && one.startedAt > most ? one.startedAt : most), "");
  const later = stored.filter((one) => !series.has(one.series) && one.startedAt > latest(one.scenario));
  const last = new Set(
    [...Map.groupBy(later, ({ scenario }) => scenario).values()].flatMap((own) => {
      const sorted = own.toSorted((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
      return sorted.at(-1)?.series ?? [];
    }),
  );
  const ours = stored.filter((one) => series.has(one.series) || last.has(one.series));
  const found = eachOnce([...told, ...ours]);
  const runs = withNotBegun(found);
  const [one] = found;
  const isOne = runs.length === 1 && one !== undefined && basename(one.file) === "report.json";
  return { runs, folder: isOne ? dirname(one.file) : null };
}

/** Each run once, wherever it was found: as its own folder tells it, which knows what was left behind. Throws (exit 12) for two that differ. */
function eachOnce(found: readonly FoundRun[]): readonly FoundRun[] {
  const byId = new Map<string, FoundRun>();
  for (const one of found) {
    const other = byId.get(one.id);
    const [now, before] = [one.run, other?.run];
    if (now.kind === "judged" && before?.kind === "judged" && now.report.seal !== before.report.seal) {
      throw unusable(one.file, `its report of ${one.id} is another one than that of ${other?.file ?? ""}`);
    }
    const isLess = now.kind === "unjudged" && before?.kind === "judged";
    if (!isLess) byId.set(one.id, one);
  }
  return [...byId.values()];
}

/** The runs, and for each series one that stands for all that were planned and never begun. */
function withNotBegun(found: readonly FoundRun[]): readonly ReportedRun[] {
  const missing = [...Map.groupBy(found, ({ series }) => series)].flatMap(([series, own]): readonly ReportedRun[] => {
    const planned = Math.max(...own.map((one) => one.planned));
    const [first] = own;
    if (first === undefined || planned <= own.length) return [];
    const count = `${planned - own.length} of ${planned} planned runs were not begun`;
    const reason = planned > mostPlanned ? "how many runs were planned is not known" : count;
    const { scenario } = first;
    const { source } = headOf(first.run);
    const reproduce = `prism-chaos run ${scenario}`;
    const place = { scenario, variant: "any", repetition: 1, run: series, series, startedAt: null };
    return [{ kind: "unjudged", how: "not begun", ...place, reason, reproduce, source }];
  });
  return [...found.map(({ run }) => run), ...missing];
}

function isRunFolder(folder: string): boolean {
  const names = namesIn(folder);
  return names.includes("run.json") || (names.includes("plan.json") && names.includes("report.json"));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    // No folder, or none that may be read: it holds no run.
    return [];
  }
}
