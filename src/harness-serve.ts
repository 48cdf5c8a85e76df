import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { compareGroups } from "./comparison/compare.ts";
import { groupsOf } from "./comparison/sample-set.ts";
import { exitCodes } from "./core/exit-code.ts";
import { given } from "./core/given.ts";
import { HarnessError, messageOf } from "./core/harness-error.ts";
import { nearby } from "./core/nearby.ts";
import { cut } from "./core/printable.ts";
import type { Report } from "./core/report.ts";
import type { RunFilter, RunSummary } from "./core/stored-summary.ts";
import { defaults } from "./harness-catalogue.ts";
import { readFolder } from "./gates/read-folder.ts";
import { readRunFolder } from "./harness-stored.ts";
import { headOf } from "./reporters/reported.ts";
import { comparisonText } from "./reporters/comparison-text.ts";
import { comparePage } from "./reporters/site-compare.ts";
import { refusalPage } from "./reporters/site-refusal.ts";
import { listPage } from "./reporters/site-list.ts";
import { type Answer, page, serveSite, type SiteRequest } from "./serving/site.ts";

// The part of the composition root that serves the runs of a folder as pages.

/** Files of a run that may be looked at, and what each is. */
const files: Readonly<Record<string, string>> = {
  "report.html": "text/html; charset=utf-8",
  "report.json": "application/json",
  "plan.json": "application/json",
  "run.json": "application/json",
  "manifest.json": "application/json",
  "history.ndjson": "text/plain; charset=utf-8",
  "undo.ndjson": "text/plain; charset=utf-8",
  "keeper.log": "text/plain; charset=utf-8",
};

/** So many letters of what `compare` says stand in a line of a page. */
const seriesColumns = 110;
const notHere = "The run, or its file, is not there, or not there any more.";

/** What `serve` takes. */
export interface ServeRequest {
  readonly folder: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly tell: (url: string) => void;
  readonly signal: AbortSignal;
}

/** Serves every run below a folder until the signal aborts. Throws `HarnessError`: exit 64 for what is no folder, 69 for a port that cannot be opened. */
export async function serveRuns({ folder: asked, ...serving }: ServeRequest): Promise<void> {
  const folder = nearby(resolve(given(asked, "FOLDER") ?? defaults().out ?? "reports"));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new HarnessError(`${folder} is no folder`, {
      code: "no-folder",
      exit: "usage",
      next: "give a folder of reports, as prism-chaos serve reports",
    });
  }
  const shelf = new Map<string, Kept>();
  await serveSite({ ...serving, answer: async (request) => answerOf(request, folder, shelf) });
}

/** A run that was read, as long as its files are the same. */
interface Kept {
  readonly stamp: string;
  readonly found: Found;
}

interface Found {
  readonly folder: string;
  readonly summary: RunSummary;
  readonly report: Report | null;
}

function answerOf({ path, query }: SiteRequest, folder: string, shelf: Map<string, Kept>): Answer {
  const [room = "", id = "", file = "", ...more] = path;
  const { runFolders, unseen } = readFolder(folder);
  const runs = readRuns(runFolders, shelf);
  if (room === "" && path.length === 1) {
    const summaries = runs.map(({ summary }) => summary);
    return page(
      listPage(summaries, {
        filter: filterOf(query),
        at: Number(query.get("page")) || 1,
        folder: basename(folder),
        unseen: unseen.map((one) => `${relative(folder, one.folder)}: ${one.problem}`),
      }),
    );
  }
  if (room === "compare" && path.length === 1) return compared(runs, query);
  const run = room === "runs" && more.length === 0 ? runs.find(({ summary }) => summary.id === id) : undefined;
  const type = run?.summary.files.includes(file) === true ? files[file] : undefined;
  const place = run === undefined ? "" : join(run.folder, file);
  const isThere = type !== undefined && lstatSync(place, { throwIfNoEntry: false })?.isFile() === true;
  if (!isThere) return page(refusalPage("There is no such page", notHere), 404);
  return { status: 200, type, body: readFileSync(place) };
}

function filterOf(query: URLSearchParams): RunFilter {
  const of = (name: string): string => query.get(name) ?? "";
  return { scenario: of("scenario"), variant: of("variant"), status: of("status"), text: of("text") };
}

/** Every run below the folder; one whose files have not changed is not read again. */
function readRuns(folders: readonly string[], shelf: Map<string, Kept>): readonly Found[] {
  return folders.map((one) => {
    const stamp = stampOf(one);
    const kept = shelf.get(one);
    if (kept?.stamp === stamp) return kept.found;
    const found = readRun(one);
    shelf.set(one, { stamp, found });
    return found;
  });
}

function stampOf(folder: string): string {
  return ["run.json", "report.json", "report.html"]
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? "" : `${stat.mtimeMs} ${stat.size}`))
    .join("|");
}

/** One run; one that cannot be believed is in the list as such. */
function readRun(folder: string): Found {
  // No links, which lead elsewhere, and no pipes, which never end.
  const there = readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isFile() && Object.hasOwn(files, entry.name) ? [entry.name] : []))
    .toSorted();
  const bare = { id: basename(folder), files: there, commit: null, measurements: [], verdicts: [] };
  try {
    const { run, scenario, series, startedAt } = readRunFolder(folder);
    const { variant, repetition, repetitions } = headOf(run);
    const head = { ...bare, scenario, variant, series, startedAt, repetition: `${repetition} of ${repetitions}` };
    if (run.kind === "unjudged")
      return { folder, report: null, summary: { ...head, status: null, reason: run.reason } };
    const { report } = run;
    const { status, measurements, verdicts } = report;
    return {
      folder,
      report,
      summary: { ...head, status, reason: "", commit: report.run.commit, measurements, verdicts },
    };
  } catch (thrown) {
    const none = { scenario: "", variant: "", series: "", startedAt: "", repetition: "" };
    return { folder, report: null, summary: { ...bare, ...none, status: null, reason: cut(messageOf(thrown), 200) } };
  }
}

function compared(runs: readonly Found[], query: URLSearchParams): Answer {
  const [base, head] = ["base", "head"].map((side) => runs.find(({ summary }) => summary.id === query.get(side)));
  if (base?.report === null || head?.report === null || base === undefined || head === undefined) {
    const asked = "Choose one run as base and another as head, among those that were judged.";
    return page(refusalPage("These are not two judged runs", asked), 400);
  }
  const seriesOf = ({ summary }: Found): readonly (Report | null)[] =>
    runs.flatMap(({ summary: { series, scenario }, report }) =>
      series === summary.series && scenario === summary.scenario ? [report] : [],
    );
  const [left, right] = [seriesOf(base), seriesOf(head)];
  const judged = (all: readonly (Report | null)[]): readonly Report[] => all.filter((one) => one !== null);
  const unjudged = { base: left.length - judged(left).length, head: right.length - judged(right).length };
  const deciding = { alpha: 0.05, effect: 0.1, accepted: [] };
  const comparison = compareGroups({ base: groupsOf(judged(left)), head: groupsOf(judged(right)) }, deciding);
  const told = comparisonText(
    { ...comparison, unjudged, exitCode: exitCodes.pass, alpha: deciding.alpha },
    seriesColumns,
  );
  return page(comparePage(base.summary, head.summary, told.split("\n").slice(0, -1).join("\n")));
}
