import { type ChaosFile, type PerformanceFile, sealedChaos } from "../../core/contract.ts";
import { chaosShape, performanceShape } from "../../core/contract-schema.ts";
import type { FindingKind } from "../../core/decision.ts";
import { type Json, parseJson } from "../../core/json.ts";
import { type Report, sealed } from "../../core/report.ts";
import type { RawEvidence } from "../evidence.ts";
import type { ManifestsAsked } from "../manifest-findings.ts";
import type { Judging } from "../report-findings.ts";
import type { StoredRun } from "../stored-runs.ts";

/** Everything that is decided by: what was read, what the folders of runs hold, and by what it is judged. */
export interface Subject {
  readonly raw: RawEvidence;
  readonly stored: readonly StoredRun[];
  /** Null: the evidence is not held against manifests. */
  readonly manifests: ManifestsAsked | null;
  readonly judging: Judging;
}

/** Evidence with one thing wrong with it, and how the gate must find it. */
export interface Mutant {
  /** What is wrong, of which sort of file: mutants of one kind differ in where. */
  readonly kind: string;
  /** The file in which it is wrong; a finding must name it. */
  readonly file: string;
  readonly found: FindingKind;
  readonly subject: Subject;
}

/** Makes every mutant of its kinds that this evidence can have. Pure. */
export type Mutator = (subject: Subject) => readonly Mutant[];

/** A file of the evidence, understood as what it is. */
export type Understood =
  | { readonly kind: "chaos"; readonly file: string; readonly content: ChaosFile }
  | { readonly kind: "performance"; readonly file: string; readonly content: PerformanceFile };

/** The contract files of the evidence, each once; what cannot be read is none. */
export function understood({ raw }: Subject): readonly Understood[] {
  return raw.folder.files.flatMap(({ file, text }): readonly Understood[] => {
    const value = parseJson(text ?? "")?.value ?? null;
    if (chaosShape.is(value)) return [{ kind: "chaos", file, content: value }];
    return performanceShape.is(value) ? [{ kind: "performance", file, content: value }] : [];
  });
}

/** The evidence with another text in a file; null: the file is not there. */
export function withText(subject: Subject, file: string, text: string | null): Subject {
  const { raw } = subject;
  const files =
    text === null
      ? raw.folder.files.filter((one) => one.file !== file)
      : raw.folder.files.map((one) => (one.file === file ? { ...one, text } : one));
  return { ...subject, raw: { ...raw, folder: { ...raw.folder, files } } };
}

/** The same with another document in it, as it is: no seal is made anew. */
export function withDocument(subject: Subject, file: string, document: unknown): Subject {
  return withText(subject, file, JSON.stringify(document));
}

/** A document with its seal made anew, as somebody would who knows how. */
export function resealed<T extends { readonly seal: string }>(
  document: T,
): Omit<T, "seal"> & { readonly seal: string } {
  const { seal: _seal, ...rest } = document;
  return sealed(rest);
}

/** A document that says that it is sealed. */
export interface Sealed {
  readonly seal: string;
}

/** A chaos file in which one report is another, sealed throughout. */
export function withReport(content: ChaosFile, [series, index]: readonly [number, number], report: Sealed): object {
  const changed = content.series.map((one, at) => {
    if (at !== series) return one;
    return { ...one, reports: one.reports.map((each, place) => (place === index ? report : each)) };
  });
  return sealedChaos({ ...content, series: changed });
}

/** The first report of a chaos file, with its place; null: it has none. */
export function firstReport({
  series,
}: ChaosFile): { readonly report: Report; readonly at: readonly [number, number] } | null {
  const at = series.findIndex(({ reports }) => reports.length > 0);
  const report = series[at]?.reports[0];
  return report === undefined ? null : { report, at: [at, 0] };
}

/** A document with another value at a pointer; undefined takes it away. A place that is not there stays so. */
export function changedAt(document: Json, [part, ...rest]: readonly string[], value: Json | undefined): Json {
  if (part === undefined) return value ?? null;
  if (Array.isArray(document)) {
    const list: readonly Json[] = document;
    return list.flatMap((one, index) => {
      if (String(index) !== part) return [one];
      return rest.length === 0 && value === undefined ? [] : [changedAt(one, rest, value)];
    });
  }
  if (typeof document !== "object" || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, one]): readonly (readonly [string, Json])[] => {
      if (key !== part) return [[key, one]];
      return rest.length === 0 && value === undefined ? [] : [[key, changedAt(one, rest, value)]];
    }),
  );
}
