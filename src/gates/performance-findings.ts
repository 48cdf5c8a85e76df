import {
  type FieldSource,
  fieldSources,
  performanceField,
  performanceFieldNames,
  performanceFields,
  type PerformanceField,
  type PerformanceFile,
} from "../core/contract.ts";
import type { Finding } from "../core/decision.ts";
import { isSame } from "../core/same.ts";
import { isSealIntact } from "../core/report.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import { measurementFindings } from "./measurement-findings.ts";
import { shown } from "./parse.ts";
import { below, findingAt, type Place, unusable, when } from "./place.ts";
import type { Judging } from "./report-findings.ts";
import { inWords } from "./words.ts";

/** A performance file that could be read. */
export interface PerformanceEvidence {
  readonly file: string;
  readonly content: PerformanceFile;
}

/** What a performance file is compared with. */
export interface Beside extends Judging {
  readonly chaos: readonly ChaosEvidence[];
}

/** Everything in a performance file that cannot be believed: it must follow from itself, and say the same as the chaos files' reports. */
export function performanceFindings(
  { content }: PerformanceEvidence,
  place: Place,
  beside: Beside,
): readonly Finding[] {
  return [
    ...when(!isSealIntact(content), () =>
      unusable(below(place, "seal"), {
        reason: "the file is not as it was sealed: it was altered, or the seal is of another one",
        measured: content.seal.slice(0, 19),
        required: "the digest of the rest of the file",
      }),
    ),
    ...performanceFieldNames.flatMap((field) => {
      const at: Place = { ...place, criteria: [field] };
      const told = toldByRun(field, beside.chaos);
      return [
        ...valueFindings(field, content, at),
        ...content.rests_on[field].flatMap((source, index) =>
          sourceFindings(source, below(at, "rests_on", field, index), { ...beside, field, told }),
        ),
      ];
    }),
  ];
}

/** The value, or the reason beside it, must be what its sources come to. */
function valueFindings(field: PerformanceField, content: PerformanceFile, place: Place): readonly Finding[] {
  const sources = content.rests_on[field];
  const again = performanceField(field, sources);
  const names = sources.map(({ run }) => run);
  const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
  const keys = [field, `${field}_reason`] as const;
  return [
    ...keys.flatMap((key) =>
      when(content[key] !== again[key], () =>
        unusable(below(place, key), {
          reason: `${key} does not follow from the runs that it rests on`,
          measured: shown(content[key]),
          required: shown(again[key]),
        }),
      ),
    ),
    ...when(repeated >= 0, () =>
      unusable(below(place, "rests_on", field, repeated, "run"), {
        reason: "a field rests on one run twice",
        measured: names[repeated] ?? "",
        required: "once",
      }),
    ),
  ];
}

/** What the chaos files tell of a field, by class and run. */
type ToldByRun = ReadonlyMap<string, readonly FieldSource[]>;

function toldByRun(field: PerformanceField, chaos: readonly ChaosEvidence[]): ToldByRun {
  const all = fieldSources(
    field,
    chaos.map(({ content }) => content),
  );
  return Map.groupBy(all, (one) => `${one.class} ${one.run}`);
}

function sourceFindings(
  source: FieldSource,
  place: Place,
  { field, chaos, units, told }: Beside & { readonly field: PerformanceField; readonly told: ToldByRun },
): readonly Finding[] {
  const measure = performanceFields[field];
  const { measurement } = source;
  const ofClass = chaos.filter(({ content }) => content.class === source.class);
  const same = told.get(`${source.class} ${source.run}`) ?? [];
  const measured = inWords(measurement);
  return [
    ...(measurement === null ? [] : measurementFindings(measurement, below(place, "measurement"), units)),
    ...when(measurement !== null && measurement.measure !== measure, () =>
      unusable(below(place, "measurement", "measure"), {
        reason: `${field} rests on another measure`,
        measured: measurement?.measure ?? "",
        required: measure,
      }),
    ),
    ...when(ofClass.length > 0 && same.length === 0, () =>
      unusable(below(place, "run"), {
        reason: `${field} rests on a run that the chaos file of its class does not hold`,
        measured: source.run,
        required: `a run of ${ofClass.map(({ file }) => file).join(", ")}`,
      }),
    ),
    ...when(same.length > 0 && !same.some((one) => isSame(one, source)), () =>
      unusable(below(place, "measurement"), {
        reason: `${field} rests on a measurement that the run's report tells otherwise`,
        measured,
        required: `${inWords(same[0]?.measurement)}, with the tracks of that report`,
      }),
    ),
  ];
}

/** Runs of chaos files that should be in a performance file and are in none: one was lost, or overwritten when artifacts were merged. */
export function uncoveredFindings(
  performance: readonly PerformanceEvidence[],
  chaos: readonly ChaosEvidence[],
  place: Place,
): readonly Finding[] {
  if (performance.length === 0) return [];
  return performanceFieldNames.flatMap((field) => {
    const known = new Set(performance.flatMap(({ content }) => content.rests_on[field].map(({ run }) => run)));
    const due = fieldSources(
      field,
      chaos.map(({ content }) => content),
    );
    const missing = due.filter(({ run }) => !known.has(run)).map(({ run }) => run);
    const at = { ...below(place, "rests_on", field), file: performance[0]?.file ?? place.file, criteria: [field] };
    return when(missing.length > 0, () =>
      findingAt(at, "inconclusive", {
        reason: `no performance.json has the runs ${[...new Set(missing)].join(", ")}; put artifacts into folders of their own, so that none overwrites another`,
        measured: "absent",
        required: "every run that should have measured it",
      }),
    );
  });
}
