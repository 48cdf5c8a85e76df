import type { Finding } from "../core/decision.ts";
import { atPointer, isObject, type Json } from "../core/json.ts";
import { jsonOf, shown } from "./parse.ts";
import { findingAt, type Place, unusable } from "./place.ts";
import type { RawFile } from "./read-folder.ts";
import { sourceEvidence } from "./source-evidence.ts";
import { contentOf } from "./sources/content.ts";
import { cobertura, istanbulFinal, istanbulSummary, lcov } from "./sources/coverage.ts";

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

/**
 * Reads line coverage: `summary.line_coverage`, or what Istanbul, LCOV and Cobertura write. The file is another tool's: whatever else it
 * holds is its own.
 */
export function coverageEvidence(raw: RawFile, folder: string): CoverageEvidence {
  const { file } = raw;
  const command = `prism-chaos gate ${folder} --coverage ${file}`;
  const place: Place = { file, field: pointer, criteria: ["line_coverage"], command };
  const nothing = { file, isThere: true, percent: null };
  if (raw.text === null && raw.problem === "ENOENT") {
    const said = { reason: "there is no coverage file of the system under test", measured: "absent", required };
    return { ...nothing, isThere: false, findings: [findingAt(place, "inconclusive", said)] };
  }
  if (isOfTool(raw)) {
    const { measurements, findings } = sourceEvidence(raw, place.criteria);
    const [told] = measurements;
    // A product of two decimals may lie a hair beside the decimal that is meant.
    const percent = told?.kind === "measured" ? Math.round(told.low * 1e11) / 1e9 : null;
    return { ...nothing, percent, findings: findings.map((one) => ({ ...one, command })) };
  }
  const unmarked = { ...raw, text: raw.text?.replace(/^\uFEFF/, "") ?? null };
  const { content, findings } = jsonOf(unmarked, { ...place, field: "" });
  return content === null ? { ...nothing, findings } : ownFormat(content.value, place);
}

/** Whether it is what a coverage tool writes, whole or in part. */
function isOfTool({ text }: RawFile): boolean {
  const content = contentOf(text ?? "");
  if (content === null) return /^\s*<\?xml|^\s*<coverage/.test(text ?? "");
  return [istanbulSummary, istanbulFinal, lcov, cobertura].some((source) => source.read(content) !== null);
}

function ownFormat(document: Json, place: Place): CoverageEvidence {
  const nothing = { file: place.file, isThere: true, percent: null };
  const summary = atPointer(document, "/summary");
  const odd = !isObject(document) ? "" : summary !== undefined && !isObject(summary) ? "/summary" : null;
  if (odd !== null) {
    const measured = shown(odd === "" ? document : summary);
    const said = { reason: "the coverage file is of another format", measured, required: "an object" };
    return { ...nothing, findings: [unusable({ ...place, field: odd }, said)] };
  }
  const value = atPointer(document, pointer);
  if (value === undefined) {
    const said = { reason: "the coverage file does not say how many lines are covered", measured: "absent", required };
    return { ...nothing, findings: [findingAt(place, "inconclusive", said)] };
  }
  if (typeof value !== "number" || !(value >= 0 && value <= 100)) {
    const said = { reason: "the line coverage is no percentage", measured: shown(value), required };
    return { ...nothing, findings: [unusable(place, said)] };
  }
  return { ...nothing, percent: value, findings: [] };
}
