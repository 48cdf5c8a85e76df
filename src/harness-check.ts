import type { Outcome } from "./command.ts";
import { abortVerdicts } from "./checks/abort-conditions.ts";
import { expectationVerdicts } from "./checks/expectations.ts";
import { checks } from "./checks/index.ts";
import { exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { atPointer, digest, type JsonObject } from "./core/json.ts";
import { manifestFileName } from "./core/manifest.ts";
import { checkRunManifest } from "./core/manifest-check.ts";
import { isSealIntact, type Judgement } from "./core/report.ts";
import { judge, type Judges } from "./engine/judge.ts";
import { readStoredRun } from "./engine/stored-run.ts";
import { measures } from "./measures/index.ts";
import { probes } from "./probes/index.ts";
import { runSummary } from "./reporters/console.ts";

// The part of the composition root that judges a stored run again.

/** How a history is judged. */
export const judges: Judges = { measures, checks, probes, expectations: expectationVerdicts, aborts: abortVerdicts };

/** Judges a stored run again; exit 12 if its report says anything else than its history shows, or is not as it was sealed, or a file is not as the manifest says. */
export async function checkAgain(folder: string, columns: number): Promise<Outcome> {
  const { plan, history, historyDigest, report } = await readStoredRun(folder);
  const again = judge(plan, history, judges);
  const { stored, differences: changed } = checkRunManifest(folder);
  const manifest = [
    ...(stored.kind === "unreadable" ? [`manifest.json cannot be used: ${stored.text}.`] : []),
    ...changed.map(({ text }) => `Not as ${manifestFileName} says: ${text}.`),
  ];
  const unlisted =
    stored.kind === "absent" ? [`It has no ${manifestFileName}: what lay here when it ended is not known.`] : [];
  if (report === null) {
    const text = `${folder} was broken off: it has no report to compare with. Its history shows: ${again.status}.`;
    return {
      exitCode: manifest.length > 0 ? exitCodes.unusable : exitCodes.inconclusive,
      text: [text, ...manifest, ...unlisted].join("\n"),
      json: { same: null, differences: manifest, ...again },
    };
  }
  const differences = [...differencesOf(report, again, historyDigest), ...manifest];
  const isSame = differences.length === 0;
  const exitCode = { pass: exitCodes.pass, unknown: exitCodes.inconclusive, fail: exitCodes.broken }[again.status];
  const reproduce = atPointer(report, "/run/reproduce");
  const said = typeof reproduce === "string" ? reproduce : "";
  const summary = runSummary(again, { folder, reproduce: said, columns });
  return {
    exitCode: isSame
      ? strongestExitCode([exitCode, ...unlisted.map(() => exitCodes.inconclusive)])
      : exitCodes.unusable,
    text: [summary, ...(isSame ? ["The report says the same."] : differences), ...unlisted].join("\n"),
    json: { same: isSame, differences, ...again },
  };
}

/** What a stored report says otherwise than its history, judged again; and whether either is still what was written. */
function differencesOf(report: JsonObject, again: Judgement, historyNow: string | null): readonly string[] {
  const { run: _run, version: _version, historyDigest, seal, ...stored } = report;
  const isSealed = typeof seal === "string" && isSealIntact({ ...report, seal });
  return [
    ...(digest(stored) === digest(again)
      ? []
      : ["The report says something else than the history shows: it was altered, or written by another version."]),
    ...(isSealed ? [] : ["The report is not as it was sealed: it was altered after it was written."]),
    ...(historyDigest === historyNow ? [] : ["history.ndjson is not the one that the report was made from."]),
  ];
}
