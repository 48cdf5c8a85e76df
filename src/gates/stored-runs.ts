import { basename, join } from "node:path";
import type { Finding } from "../core/decision.ts";
import { fileDigest } from "../core/file-digest.ts";
import { atPointer, isObject, type Json, parseJson } from "../core/json.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import { type Place, unusable, when } from "./place.ts";
import { readRaw } from "./read-folder.ts";

/** What the folder of a run holds, where it is still there. */
export interface StoredRun {
  readonly folder: string;
  readonly run: string;
  readonly series: string | null;
  readonly scenario: string | null;
  readonly startedAt: string | null;
  /** The seal of its report.json; null: it has none that can be read. */
  readonly seal: string | null;
  readonly historyDigest: string | null;
}

/** Reads the folders of runs; histories are digested only of runs that the evidence names. */
export async function readStoredRuns(
  folders: readonly string[],
  chaos: readonly ChaosEvidence[],
): Promise<readonly StoredRun[]> {
  const named = new Set(
    chaos.flatMap(({ content }) => content.series.flatMap(({ runs }) => runs.map(({ run }) => run))),
  );
  const runs: StoredRun[] = [];
  for (const folder of folders) {
    const run = basename(folder);
    const stub = objectIn(join(folder, "run.json"));
    runs.push({
      folder,
      run,
      series: textAt(stub, "/run/series"),
      startedAt: textAt(stub, "/run/startedAt"),
      scenario: textAt(objectIn(join(folder, "plan.json")), "/scenario/name"),
      seal: named.has(run) ? textAt(objectIn(join(folder, "report.json")), "/seal") : null,
      historyDigest: named.has(run) ? await fileDigest(join(folder, "history.ndjson")) : null,
    });
  }
  return runs;
}

/**
 * What the folders of runs say otherwise than the chaos files: another report, an altered history, or a later series of the same scenario
 * that no file tells of. A folder that is not there says nothing.
 */
export function storedFindings(stored: readonly StoredRun[], chaos: readonly ChaosEvidence[]): readonly Finding[] {
  return chaos.flatMap(({ file, content }) =>
    content.series.flatMap(({ scenario, reports }) => {
      const latest = reports
        .map(({ run }) => run.startedAt)
        .sort()
        .at(-1);
      const place = (at: string): Place => {
        const command = reports[0]?.run.reproduce ?? `prism-chaos run ${scenario}`;
        return { file: at, field: "", criteria: [content.class], command };
      };
      const ours = new Set(reports.map(({ run }) => run.series));
      const later = stored.filter(
        (one) =>
          one.scenario === scenario &&
          one.startedAt !== null &&
          latest !== undefined &&
          one.startedAt > latest &&
          !ours.has(one.series ?? ""),
      );
      return [
        ...later.slice(0, 1).map((one) => laterSeries(one, place(join(one.folder, "run.json")), file)),
        ...reports.flatMap((report) => {
          const found = stored.find(({ run }) => run === report.run.id);
          if (found === undefined) return [];
          const said = { measured: "another digest", required: `that of ${file}` };
          const isOther = found.historyDigest !== null && found.historyDigest !== report.historyDigest;
          return [
            ...when(isOther, () =>
              unusable(
                { ...place(join(found.folder, "history.ndjson")), command: report.run.reproduce },
                { reason: "the history is not the one that the report was made from", ...said },
              ),
            ),
            ...when(found.seal !== null && found.seal !== report.seal, () =>
              unusable(
                { ...place(join(found.folder, "report.json")), field: "/seal", command: report.run.reproduce },
                { reason: "the run's own report is another one", ...said },
              ),
            ),
          ];
        }),
      ];
    }),
  );
}

function laterSeries({ series, scenario }: StoredRun, place: Place, file: string): Finding {
  return {
    kind: "inconclusive",
    ...place,
    reason: `a later series of ${scenario} was begun, and ${file} does not tell of it: it was not carried through`,
    measured: series ?? "",
    required: "the latest series of each scenario",
  };
}

function objectIn(file: string): Json {
  const value = parseJson(readRaw(file).text ?? "")?.value;
  return isObject(value) ? value : null;
}

function textAt(document: Json, pointer: string): string | null {
  const value = atPointer(document, pointer);
  return typeof value === "string" ? value : null;
}
