import type { Finding } from "../core/decision.ts";
import { atPointer, isObject, type Json } from "../core/json.ts";
import { jsonOf, shown } from "./parse.ts";
import { findingAt, type Place, unusable } from "./place.ts";
import type { RawFile } from "./read-folder.ts";

/** What the coverage file of the system under test says. */
export interface CoverageEvidence {
  readonly file: string;
  /** Whether there is such a file. */
  readonly isThere: boolean;
  /** Line coverage in percent, or null: not said, or not to be believed. */
  readonly percent: number | null;
  readonly findings: readonly Finding[];
}

const pointer = "/summary/line_coverage";
const required = "a number from 0 to 100";

/** Reads `summary.line_coverage`. The file is another tool's: whatever else it holds is its own. */
export function coverageEvidence(raw: RawFile, folder: string): CoverageEvidence {
  const { file } = raw;
  const command = `prism-chaos gate ${folder} --coverage ${file}`;
  const place: Place = { file, field: pointer, criteria: ["line_coverage"], command };
  const nothing = { file, isThere: true, percent: null };
  if (raw.text === null && raw.problem === "ENOENT") {
    const said = { reason: "there is no coverage file of the system under test", measured: "absent", required };
    return { ...nothing, isThere: false, findings: [findingAt(place, "inconclusive", said)] };
  }
  const { content, findings } = jsonOf(raw, { ...place, field: "" });
  if (content === null) return { ...nothing, findings };
  const summary = atPointer(content.value, "/summary");
  const odd = !isObject(content.value) ? "" : summary !== undefined && !isObject(summary) ? "/summary" : null;
  if (odd !== null) {
    const measured = shown(odd === "" ? content.value : summary);
    const said = { reason: "the coverage file is of another format", measured, required: "an object" };
    return { ...nothing, findings: [unusable({ ...place, field: odd }, said)] };
  }
  const value: Json | undefined = atPointer(content.value, pointer);
  if (value === undefined) {
    const said = { reason: "the coverage file does not say how many lines are covered", measured: "absent", required };
    return { ...nothing, findings: [findingAt(place, "inconclusive", said)] };
  }
  if (typeof value !== "number" || !(value >= 0 && value <= 100)) {
    const said = { reason: "the line coverage is no percentage", measured: shown(value), required };
    return { ...nothing, findings: [unusable(place, said)] };
  }
  return { file, isThere: true, percent: value, findings: [] };
}
