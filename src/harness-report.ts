import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { writeFileAtomic } from "./core/atomic-file.ts";
import { exitCodes } from "./core/exit-code.ts";
import { given } from "./core/given.ts";
import { HarnessError } from "./core/harness-error.ts";
import { atPointer, parseJson } from "./core/json.ts";
import { nearby } from "./core/nearby.ts";
import { writeOutput } from "./core/output-file.ts";
import { runShape } from "./core/report-schema.ts";
import { readStoredRun } from "./engine/stored-run.ts";
import { defaults } from "./harness-catalogue.ts";
import type { RunsOutcome } from "./harness-reported.ts";
import { unusable } from "./harness-stored.ts";
import { type AskedRuns, runsAskedFor } from "./harness-lookup.ts";
import { readRaw } from "./gates/read-folder.ts";
import { brokenOffPage } from "./reporters/html-broken-off.ts";
import { chaosToolkitJournal, emptyJournal } from "./reporters/chaostoolkit.ts";
import { ctrf } from "./reporters/ctrf.ts";
import { htmlReport } from "./reporters/html.ts";
import { unjudgedPage } from "./reporters/unjudged-page.ts";
import { junit } from "./reporters/junit.ts";
import { markdown } from "./reporters/markdown.ts";
import { headOf, type ReportedRun, type UnjudgedRun } from "./reporters/reported.ts";
import { reportsJson } from "./reporters/reports-json.ts";

// The part of the composition root that tells of stored runs in the formats of other tools.

/** How each format is written. One of one run alone refuses several. */
const writers: Readonly<Record<ReportFormat, (asked: AskedRuns) => string | Promise<string>>> = {
  html: (asked) => ofOne(asked, "html", html),
  json: ({ runs }) => reportsJson(runs),
  junit: ({ runs }) => junit(runs),
  ctrf: ({ runs }) => ctrf(runs),
  markdown: ({ runs }) => markdown(runs),
  chaostoolkit: (asked) =>
    ofOne(asked, "chaostoolkit", (run) => (run === null ? emptyJournal() : chaosToolkitJournal(run))),
};

/** The formats of `report`. */
export const reportFormats = ["html", "json", "junit", "ctrf", "markdown", "chaostoolkit"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** What `report` takes. */
export interface ReportFlags {
  readonly format: ReportFormat;
  /** Undefined: standard output. */
  readonly output: string | undefined;
}

/** Tells of stored runs in a format. Exit 11 where there is none; throws `HarnessError` for a wrong call (64) and evidence that cannot be believed (12). */
export async function reportRuns(asked: string | undefined, { format, output }: ReportFlags): Promise<RunsOutcome> {
  const out = nearby(resolve(defaults().out ?? "reports"));
  const file = given(output, "--output");
  const found = runsAskedFor(asked, out);
  const document = await writers[format](found);
  if (file !== undefined) writeOutput(file, (path) => writeFileAtomic(resolve(path), document));
  const judged = found.runs.filter(({ kind }) => kind === "judged").length;
  const unjudged = found.runs.length - judged;
  const isEmpty = found.runs.length === 0;
  const count = isEmpty ? "no run was found" : `${judged} judged, ${unjudged} not judged`;
  return {
    exitCode: isEmpty ? exitCodes.inconclusive : exitCodes.pass,
    text: output === undefined ? document.replace(/\n$/, "") : `${format} written to ${output}: ${count}`,
    json: {
      format,
      output: output ?? null,
      runs: judged,
      notJudged: unjudged,
      ...(output === undefined ? { document } : {}),
    },
    runs: found.runs,
  };
}

/** Writes the one run that was asked for; null: there is none. */
function ofOne<T>(
  { runs, folder }: AskedRuns,
  format: ReportFormat,
  one: (run: ReportedRun | null, folder: string | null) => T,
): T {
  const [run = null, ...more] = runs;
  if (more.length === 0) return one(run, folder);
  const ids = runs.slice(0, 5).map((each) => headOf(each).run);
  throw new HarnessError(
    `${format} tells of one run, and there are ${runs.length}: ${ids.join(", ")}${runs.length > 5 ? " …" : ""}`,
    {
      code: "several-runs",
      exit: "usage",
      next: `name one, as prism-chaos report ${ids[0]} --format ${format}`,
    },
  );
}

async function html(run: ReportedRun | null, folder: string | null): Promise<string> {
  if (run === null) return unjudgedPage(run);
  if (run.kind === "unjudged") return (folder === null ? null : await brokenOff(run, folder)) ?? unjudgedPage(run);
  if (folder === null) {
    throw new HarnessError("an html page is drawn from the history, and a chaos file has none", {
      code: "no-history",
      exit: "usage",
      next: `give the run's folder, as prism-chaos report reports/${run.report.run.id} --format html`,
    });
  }
  const { history, historyDigest } = await readStoredRun(folder);
  if (historyDigest !== run.report.historyDigest) {
    throw unusable(`${folder}/history.ndjson`, "it is not the one that the report was made from");
  }
  return htmlReport(run.report, history);
}

/** The page of a run that was killed or broken off, as far as its folder tells of it; null where that is not even which run it was. */
async function brokenOff({ reason }: UnjudgedRun, folder: string): Promise<string | null> {
  const run = atPointer(parseJson(readRaw(`${folder}/run.json`).text ?? "")?.value ?? null, "/run");
  if (!runShape.is(run) || !existsSync(`${folder}/history.ndjson`)) return null;
  const { plan, history } = await readStoredRun(folder);
  return brokenOffPage({ plan, run, reason, next: "prism-chaos heal", residue: null, history });
}
