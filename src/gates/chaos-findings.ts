import { basename } from "node:path";
import {
  type ChaosFile,
  isChaosSealIntact,
  isClassRecovered,
  type SeriesRecord,
  seriesRecord,
} from "../core/contract.ts";
import type { Finding } from "../core/decision.ts";
import { isSame } from "../core/same.ts";
import type { Report } from "../core/report.ts";
import { chaosClasses } from "../core/scenario.ts";
import { below, type Place, unusable, when } from "./place.ts";
import { type Judging, reportFindings } from "./report-findings.ts";

/** A chaos file that could be read. */
export interface ChaosEvidence {
  readonly file: string;
  readonly content: ChaosFile;
}

/** Everything in a class's file that cannot be believed, its reports included. */
export function chaosFindings({ file, content }: ChaosEvidence, place: Place, judging: Judging): readonly Finding[] {
  // A name that tells of no class tells nothing; artifacts are renamed on their way.
  const named = chaosClasses.filter((name) => basename(file).includes(name));
  const isRecovered = isClassRecovered(content.series.map(seriesRecord));
  return [
    ...when(named.length > 0 && !named.includes(content.class), () =>
      unusable(below(place, "class"), {
        reason: "the file's name is of another class than its content",
        measured: content.class,
        required: basename(file),
      }),
    ),
    ...when(!isChaosSealIntact(content), () =>
      unusable(below(place, "seal"), {
        reason: "the file is not as it was sealed: it was altered, or the seal is of another one",
        measured: content.seal.slice(0, 19),
        required: "the digest of the rest of the file",
      }),
    ),
    ...when(isRecovered !== content.recovery_successful, () =>
      unusable(below(place, "recovery_successful"), {
        reason: "recovery_successful does not follow from the file's reports",
        measured: String(content.recovery_successful),
        required: String(isRecovered),
      }),
    ),
    ...content.series.flatMap((series, index) =>
      seriesFindings(series, below(place, "series", index), { ...judging, content }),
    ),
  ];
}

function seriesFindings(
  series: SeriesRecord,
  place: Place,
  judging: Judging & { readonly content: ChaosFile },
): readonly Finding[] {
  const { content } = judging;
  const sameScenario = content.series.filter(({ scenario }) => scenario === series.scenario);
  return [
    ...when(sameScenario.length > 1, () =>
      unusable(below(place, "scenario"), {
        reason: "one scenario stands in the file with several series",
        measured: `${sameScenario.length} times`,
        required: "its latest series alone",
      }),
    ),
    ...countFindings(series, place),
    ...series.reports.flatMap((report, index) => {
      const at = { ...below(place, "reports", index), command: report.run.reproduce };
      return [...belongingFindings(report, at, { series, content }), ...reportFindings(report, at, judging)];
    }),
  ];
}

/** The list of runs, and each run once. */
function countFindings(series: SeriesRecord, place: Place): readonly Finding[] {
  const { planned, reports, brokenOff } = series;
  const again = seriesRecord(series).runs;
  const wrong = again.findIndex((run, index) => !isSame(run, series.runs[index]));
  const places = [
    ...reports.map(({ plan }) => `${plan.variant.name} ${plan.repetition}`),
    ...brokenOff.map(({ variant, repetition }) => `${variant} ${repetition}`),
  ];
  const ids = again.map(({ run }) => run);
  const repeated = ids.findIndex(
    (id, index) => ids.indexOf(id) !== index || places.indexOf(places[index] ?? "") !== index,
  );
  const odd = wrong >= 0 ? wrong : series.runs.length > again.length ? again.length : -1;
  return [
    ...when(odd >= 0, () =>
      unusable(below(place, "runs", odd), {
        reason: "the list of runs does not follow from the reports",
        measured: JSON.stringify(series.runs[odd] ?? null),
        required: JSON.stringify(again[odd] ?? null),
      }),
    ),
    ...when(repeated >= 0, () =>
      unusable(below(place, "runs", repeated), {
        reason: "one run, or one repetition, stands in the series twice",
        measured: ids[repeated] ?? "",
        required: "once",
      }),
    ),
    ...when(again.length > planned, () =>
      unusable(below(place, "planned"), {
        reason: "the series has more runs than were planned",
        measured: String(planned),
        required: `at least ${again.length}`,
      }),
    ),
  ];
}

/** Whether a report is one of this series, of this class. */
function belongingFindings(
  { run, plan }: Report,
  place: Place,
  { series, content }: { readonly series: SeriesRecord; readonly content: ChaosFile },
): readonly Finding[] {
  const facts = [
    [["plan", "scenario", "class"], plan.scenario.class, content.class],
    [["plan", "scenario", "name"], plan.scenario.name, series.scenario],
    [["run", "series"], run.series, series.series],
    [["run", "planned"], String(run.planned), String(series.planned)],
  ] as const;
  return facts.flatMap(([path, measured, required]) =>
    when(measured !== required, () =>
      unusable(below(place, ...path), {
        reason: "the report belongs to another series than it stands in",
        measured,
        required,
      }),
    ),
  );
}
