import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "./core/atomic-file.ts";
import { HarnessError, messageOf } from "./core/harness-error.ts";
import { createHistory } from "./core/history-columns.ts";
import type { History } from "./core/history.ts";
import type { Report } from "./core/report.ts";
import type { RunOutcome } from "./core/run-outcome.ts";
import { readHistory } from "./engine/history-file.ts";
import { historyFileName } from "./engine/run.ts";
import { htmlReport } from "./reporters/html.ts";
import { brokenOffPage } from "./reporters/html-broken-off.ts";
import { seriesPart, withSeries } from "./reporters/page/series.ts";

/** The page of a run, in its folder. */
export const pageFileName = "report.html";

/** The pages of a series, written one by one while it runs. */
export interface SeriesPages {
  /** Writes the report, and the page made from it. */
  readonly judged: (report: Report, folder: string, history: History) => void;
  readonly brokenOff: (outcome: Extract<RunOutcome, { kind: "broken-off" }>) => Promise<void>;
  /** Writes into each page what all runs of the series came to: when it was written, the later ones were not there. */
  readonly finish: (outcomes: readonly RunOutcome[]) => void;
}

/** A page that cannot be written is told and takes nothing away from the verdict: the report is there already. */
export function seriesPages(tell: (problem: string) => void): SeriesPages {
  const reports: Report[] = [];
  const write = (folder: string, page: () => string): void => {
    try {
      writeFileAtomic(join(folder, pageFileName), page());
    } catch (thrown) {
      tell(`${join(folder, pageFileName)} could not be written: ${messageOf(thrown)}`);
    }
  };
  return {
    judged: (report, folder, history) => {
      writeJsonAtomic(join(folder, "report.json"), report);
      reports.push(report);
      write(folder, () => htmlReport(report, history, reports));
    },
    brokenOff: async ({ folder, plan, run, thrown }) => {
      const history = await historySoFar(join(folder, historyFileName), tell);
      const reason = thrown.message;
      const next = thrown instanceof HarnessError ? thrown.next : null;
      const residue = thrown instanceof HarnessError && thrown.exit === "residue" ? [thrown.message] : [];
      write(folder, () => brokenOffPage({ plan, run, reason, next, residue, history }));
    },
    finish: (outcomes) => {
      for (const outcome of outcomes) {
        const file = join(outcome.folder, pageFileName);
        if (outcome.kind === "broken-off" || outcomes.length === 1 || !existsSync(file)) continue;
        const { run } = outcome.report;
        const page = withSeries(
          readFileSync(file, "utf8"),
          seriesPart({ reports, planned: run.planned, here: run.id }),
        );
        if (page !== null) write(outcome.folder, () => page);
      }
    },
  };
}

/** As far as it was recorded: a run may end before there is a file, and its page says so then. */
async function historySoFar(file: string, tell: (problem: string) => void): Promise<History> {
  if (!existsSync(file)) return createHistory();
  try {
    return await readHistory(file);
  } catch (thrown) {
    tell(messageOf(thrown));
    return createHistory();
  }
}
