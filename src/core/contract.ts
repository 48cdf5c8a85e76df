import type { Measurement } from "./measurement.ts";
import { isSealIntact, type Report, sealed } from "./report.ts";
import type { ChaosClass } from "./scenario.ts";

/** The fields of `performance.json`, by the measure that each is the worst value of. */
export const performanceFields = {
  failover_time: "failover.time",
  p2p_connection_time: "p2p.connection",
  conflict_resolution_time: "conflict.resolution",
} as const;
export type PerformanceField = keyof typeof performanceFields;
/** The same names, in order. */
export const performanceFieldNames = ["failover_time", "p2p_connection_time", "conflict_resolution_time"] as const;

/** The contract files' version; raised whenever a reader of the one before would be wrong about them. */
export const contractVersion = 3;

/** A run of a series that has no report, and why. */
export interface Unjudged {
  readonly run: string;
  readonly variant: string;
  readonly repetition: number;
  readonly reason: string;
  /** The command that runs just this repetition again. */
  readonly reproduce: string;
  /** What it should have measured. */
  readonly expected: readonly string[];
}

/** Whether a run recovered, and in words how. */
export interface Recovery {
  readonly run: string;
  readonly isRecovered: boolean;
  readonly reason: string;
}

/** The latest series of one scenario: what was planned, what came of it. */
export interface SeriesRecord {
  readonly scenario: string;
  readonly series: string;
  readonly planned: number;
  /** One for each run that was begun. */
  readonly runs: readonly Recovery[];
  readonly brokenOff: readonly Unjudged[];
  readonly reports: readonly Report[];
}

/** `chaos_<class>.json`: the latest series of each scenario of a class. */
export interface ChaosFile {
  readonly version: typeof contractVersion;
  /** Whether every run that was planned was carried through and recovered. */
  readonly recovery_successful: boolean;
  readonly class: ChaosClass;
  readonly series: readonly SeriesRecord[];
  readonly seal: string;
}

/** A run that a field of `performance.json` rests on: what it measured, or why it did not. */
export interface FieldSource {
  readonly class: ChaosClass;
  readonly scenario: string;
  readonly series: string;
  readonly run: string;
  /** As it stands in the run's report, with its tracks; null: the run has no report, or measured nothing of the kind. */
  readonly measurement: Measurement | null;
}

/** `performance.json`: of each field the worst value in seconds, or instead of it `<field>_reason`. */
export interface PerformanceFile
  extends
    Readonly<Partial<Record<PerformanceField, number>>>,
    Readonly<Partial<Record<`${PerformanceField}_reason`, string>>> {
  readonly version: typeof contractVersion;
  readonly rests_on: Readonly<Record<PerformanceField, readonly FieldSource[]>>;
  readonly seal: string;
}

/** A series, projected: what came of each of its runs. */
export function seriesRecord(series: Omit<SeriesRecord, "runs">): SeriesRecord {
  const runs = [
    ...series.reports.map(recoveryOf),
    ...series.brokenOff.map(({ run, reason }) => ({ run, isRecovered: false, reason })),
  ];
  return { ...series, runs };
}

/** Whether a run recovered: the steady state came back, within every limit that the scenario sets. Anything short of shown is no. */
export function recoveryOf({ run: { id: run }, plan, measurements, verdicts }: Report): Recovery {
  const measured = measurements.find(({ measure }) => measure === "recovery.time");
  const limits = plan.expectations.filter(({ measure }) => measure === "recovery.time").map(({ text }) => text);
  const isWithin = limits.every((limit) => verdicts.some(({ check, status }) => check === limit && status === "pass"));
  const isRecovered = measured?.kind === "measured" && isWithin;
  return { run, isRecovered, reason: isRecovered ? "recovered" : recoveryReason(measured) };
}

function recoveryReason(measured: Measurement | undefined): string {
  if (measured === undefined) return "recovery was not measured";
  if (measured.kind === "measured") return `recovery took up to ${Math.round(measured.high)} ms`;
  return measured.kind === "beyond" ? `not recovered after ${Math.round(measured.atLeast)} ms` : measured.reason;
}

/** Whether a class recovered: every run that was planned, of at least one. */
export function isClassRecovered(series: readonly SeriesRecord[]): boolean {
  return (
    series.length > 0 &&
    series.every(
      ({ planned, runs }) => planned > 0 && runs.length === planned && runs.every(({ isRecovered }) => isRecovered),
    )
  );
}

/** The file of a class. */
export function chaosFile(name: ChaosClass, series: readonly SeriesRecord[]): ChaosFile {
  return sealedChaos({
    version: contractVersion,
    recovery_successful: isClassRecovered(series),
    class: name,
    series,
  });
}

/** A chaos file with its seal: over its reports' seals instead of the reports, each of which has its own over all the rest of it. */
export function sealedChaos<T extends Sealable>(file: T): T & { readonly seal: string } {
  const { seal: _before, ...rest } = bySeals(file);
  return { ...file, seal: sealed(rest).seal };
}

/** Whether a chaos file is what was sealed; its reports tell so of themselves. */
export function isChaosSealIntact({ seal, ...rest }: ChaosFile): boolean {
  return isSealIntact({ ...bySeals(rest), seal });
}

interface Sealable {
  /** Of before; a new one takes its place. */
  readonly seal?: string;
  readonly series: readonly { readonly reports: readonly { readonly seal: string }[] }[];
}

function bySeals<T extends Sealable>(
  file: T,
): Omit<T, "series"> & { readonly seal?: string; readonly series: readonly object[] } {
  return { ...file, series: file.series.map((one) => ({ ...one, reports: one.reports.map(({ seal }) => seal) })) };
}

/** The file of the three times, over these files' series. */
export function performanceFile(files: readonly Pick<ChaosFile, "class" | "series">[]): PerformanceFile {
  const restsOn = Object.fromEntries(
    performanceFieldNames.map((field) => [field, fieldSources(field, files)]),
  ) satisfies Record<string, readonly FieldSource[]>;
  const {
    failover_time: failover = [],
    p2p_connection_time: p2p = [],
    conflict_resolution_time: conflict = [],
  } = restsOn;
  return sealed({
    version: contractVersion,
    ...performanceField("failover_time", failover),
    ...performanceField("p2p_connection_time", p2p),
    ...performanceField("conflict_resolution_time", conflict),
    rests_on: { failover_time: failover, p2p_connection_time: p2p, conflict_resolution_time: conflict },
  });
}

/** The runs that should have measured a field, each with what it measured: a good run never hides a bad one. */
export function fieldSources(
  field: PerformanceField,
  files: readonly Pick<ChaosFile, "class" | "series">[],
): readonly FieldSource[] {
  const measure = performanceFields[field];
  return files.flatMap(({ class: name, series: all }) =>
    all.flatMap(({ scenario, series, reports, brokenOff }) => {
      const place = { class: name, scenario, series };
      const due = reports.filter(({ plan }) => plan.expectations.some((one) => one.measure === measure));
      return [
        ...due.map(({ run: { id: run }, measurements }) => {
          const measurement = measurements.find((one) => one.measure === measure) ?? null;
          return { ...place, run, measurement };
        }),
        ...brokenOff
          .filter(({ expected }) => expected.includes(measure))
          .map(({ run }) => ({ ...place, run, measurement: null })),
      ];
    }),
  );
}

/** The worst value in seconds, or the reason why there is none: any run that should have measured it and did not takes it away. */
export function performanceField(
  field: PerformanceField,
  sources: readonly FieldSource[],
): Readonly<Record<string, number | string>> {
  const highs = sources.flatMap(({ measurement }) => (measurement?.kind === "measured" ? [measurement.high] : []));
  if (sources.length === 0) return { [`${field}_reason`]: "no run in this folder measures it" };
  if (highs.length < sources.length) {
    const missing = sources.length - highs.length;
    return { [`${field}_reason`]: `${missing} of ${sources.length} runs that should have measured it did not` };
  }
  return { [field]: secondsOf(Math.max(...highs)) };
}

/** Seconds with six digits, as finely as the clock's stamps are kept. */
function secondsOf(ms: number): number {
  return Math.round(ms * 1000) / 1e6;
}
