import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { chaosShape } from "./core/contract-schema.ts";
import { isChaosSealIntact, type SeriesRecord, type Unjudged } from "./core/contract.ts";
import { HarnessError } from "./core/harness-error.ts";
import { atPointer, isList, isObject, type Json, type JsonObject, parseJson } from "./core/json.ts";
import { printable } from "./core/printable.ts";
import { isSealIntact, type Report } from "./core/report.ts";
import { reportShape } from "./core/report-schema.ts";
import type { Shape } from "./core/shape.ts";
import { wellFormed } from "./core/well-formed.ts";
import { parseAs } from "./gates/parse.ts";
import { readRaw } from "./gates/read-folder.ts";
import type { ReportedRun, UnjudgedRun } from "./reporters/reported.ts";

// The part of the composition root that reads what runs left behind, for whoever tells of it.

/** A run as it was found. */
export interface FoundRun {
  readonly run: ReportedRun;
  readonly id: string;
  readonly scenario: string;
  readonly series: string;
  /** RFC 3339; empty where it is not known. */
  readonly startedAt: string;
  /** How many runs its series was to have; 0 where that is not known. */
  readonly planned: number;
  readonly file: string;
}

/** Reads the folder of a run: its report, or how it ended without one. Throws `HarnessError` (exit 12) for one that cannot be believed. */
export function readRunFolder(folder: string): FoundRun {
  const [stub, plan] = [readObject(join(folder, "run.json")), readObject(join(folder, "plan.json"))];
  const file = join(folder, "report.json");
  if (existsSync(file)) {
    const report = readSealed(file, reportShape, isSealIntact);
    const notes = textAt(stub, "/state", "") === "judged" ? textsAt(stub, "/notes") : [];
    return foundReport(report, { file, residue: notes });
  }
  const scenario = textAt(plan, "/scenario/name", "");
  if (scenario === "") throw unusable(join(folder, "plan.json"), "it is not there or unreadable, and so is the report");
  const planned = atPointer(stub, "/run/planned");
  const run = unjudged(basename(folder), stub, plan);
  return {
    run,
    id: run.run,
    scenario,
    series: run.series,
    startedAt: run.startedAt ?? "",
    planned: typeof planned === "number" ? planned : 0,
    file: folder,
  };
}

/** Reads every run that a chaos_<class>.json tells of. Throws `HarnessError` (exit 12) for one that cannot be believed. */
export function readContract(file: string): readonly FoundRun[] {
  const { series } = readSealed(file, chaosShape, isChaosSealIntact);
  return series.flatMap((one) => [
    ...one.reports.map((report) => {
      if (isSealIntact(report)) return foundReport(report, { file, residue: [] });
      throw unusable(file, `the report of ${report.run.id} is not as it was sealed`);
    }),
    ...one.brokenOff.map((run) => foundUnjudged(run, one, file)),
  ]);
}

function foundReport(report: Report, { file, residue }: Pick<FoundRun, "file"> & { residue: readonly string[] }) {
  const { run, plan } = report;
  return {
    run: { kind: "judged", report, residue },
    id: run.id,
    scenario: plan.scenario.name,
    series: run.series,
    startedAt: run.startedAt,
    planned: run.planned,
    file,
  } as const satisfies FoundRun;
}

function foundUnjudged(one: Unjudged, { scenario, series, planned, reports }: SeriesRecord, file: string): FoundRun {
  const { run: id, variant, repetition, reason, reproduce } = one;
  const same = reports.find(({ plan }) => plan.variant.name === variant)?.plan.source ?? null;
  return {
    run: {
      kind: "unjudged",
      how: "broken off",
      scenario,
      variant,
      repetition,
      run: id,
      series,
      startedAt: null,
      reason,
      reproduce,
      source: same,
    },
    id,
    scenario,
    series,
    startedAt: "",
    planned,
    file,
  };
}

function unjudged(id: string, stub: JsonObject, plan: JsonObject): UnjudgedRun {
  const state = textAt(stub, "/state", "");
  const told = textsAt(stub, "/notes").join("; ");
  const repetition = atPointer(plan, "/repetition");
  const [file, line] = [atPointer(plan, "/source/file"), atPointer(plan, "/source/line")];
  const scenario = textAt(plan, "/scenario/name", "unknown");
  return {
    kind: "unjudged",
    how: state === "broken-off" ? "broken off" : "not ended",
    scenario,
    variant: textAt(plan, "/variant/name", "unknown"),
    repetition: typeof repetition === "number" ? repetition : 1,
    run: id,
    series: textAt(stub, "/run/series", id),
    startedAt: momentAt(stub, "/run/startedAt"),
    reason:
      state === "broken-off" ? told || "no reason is written" : "its folder has no report: it was killed, or goes on",
    reproduce: textAt(stub, "/run/reproduce", `prism-chaos run ${scenario}`),
    source: typeof file === "string" && typeof line === "number" ? { file, line } : null,
  };
}

function readSealed<T>(file: string, shape: Shape<T>, isIntact: (content: T) => boolean): T {
  const place = { file, field: "", criteria: [], command: "" };
  const { content, findings } = parseAs(readRaw(file), place, shape);
  if (content === null) {
    const told = findings.map(({ field, reason, measured, required }) =>
      printable(`${field === "" ? "" : `${field}: `}${reason} (${measured}, required ${required})`),
    );
    throw unusable(file, told.join("; "));
  }
  if (!isIntact(content)) throw unusable(file, "it is not as it was sealed: it was altered after it was written");
  return content;
}

/** Evidence that cannot be believed is not converted either. */
export function unusable(file: string, reason: string): HarnessError {
  return new HarnessError(`${printable(file)}: ${reason}`, {
    code: "unusable-evidence",
    exit: "unusable",
    next: "run the scenario again; a report of an earlier version is read by that version",
  });
}

/** The object in a JSON file; an empty one if it is not there or not whole. Nothing seals it: halves of characters are replaced. */
function readObject(file: string): JsonObject {
  const value = wellFormed(parseJson(readRaw(file).text ?? "")?.value ?? null);
  return isObject(value) ? value : {};
}

function textAt(document: Json, pointer: string, otherwise: string): string {
  const text = atPointer(document, pointer);
  return typeof text === "string" && text !== "" ? text : otherwise;
}

/** A moment as RFC 3339 in UTC, as runs are begun; null where there is none. */
function momentAt(document: Json, pointer: string): string | null {
  const text = textAt(document, pointer, "");
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}

function textsAt(document: Json, pointer: string): readonly string[] {
  const list = atPointer(document, pointer);
  return (isList(list) ? list : []).filter((one) => typeof one === "string");
}
