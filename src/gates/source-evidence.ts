import type { Finding } from "../core/decision.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Measurement } from "../core/measurement.ts";
import { jsonOf } from "./parse.ts";
import { findingAt, type Place, unusable } from "./place.ts";
import type { RawFile } from "./read-folder.ts";
import { contentOf } from "./sources/content.ts";
import { sources } from "./sources/index.ts";
import type { Reading } from "./sources/source.ts";

/** What a file of another tool says, or what is wrong with it. */
export interface SourceEvidence {
  readonly file: string;
  /** Empty: it says nothing that a policy can ask for. */
  readonly measurements: readonly Measurement[];
  readonly findings: readonly Finding[];
}

const required = `a file of ${Object.values(sources)
  .map(({ name }) => name)
  .join(", ")}`;

/** Reads a file of another tool, of whichever of the known formats it is. */
export function sourceEvidence(raw: RawFile, criteria: readonly string[]): SourceEvidence {
  const { file, text } = raw;
  const place: Place = { file, field: "", criteria, command: `have its tool write ${file} again` };
  const none = (findings: readonly Finding[]): SourceEvidence => ({ file, measurements: [], findings });
  if (text === null && raw.problem === "ENOENT") {
    const said = { reason: "there is no such file", measured: "absent", required };
    return none([findingAt(place, "inconclusive", said)]);
  }
  const content = contentOf(text ?? "");
  if (content === null) {
    const isXml = text?.trimStart().startsWith("<") === true;
    const broken = {
      reason: "the file is no well-formed XML, or only a part of it",
      measured: `${text?.length} characters`,
      required,
    };
    return none(isXml ? [unusable(place, broken)] : jsonOf(raw, place).findings);
  }
  const reading = firstOf(content);
  if (reading === null) {
    return none([
      unusable(place, { reason: "the file is of no format that is known here", measured: content.kind, required }),
    ]);
  }
  if ("measurements" in reading) return { file, measurements: reading.measurements, findings: [] };
  const said = {
    reason: reading.problem,
    measured: reading.isEmpty ? "nothing" : "a contradiction",
    required: "a whole report",
  };
  return none([findingAt({ ...place, field: reading.field }, reading.isEmpty ? "inconclusive" : "unusable", said)]);
}

function firstOf(content: NonNullable<ReturnType<typeof contentOf>>): Reading | null {
  for (const source of Object.values(sources)) {
    const reading = source.read(content);
    if (reading !== null) return reading;
  }
  return null;
}

/** Why a file that could be read does not tell a quantity. */
export function untold({ file, measurements }: SourceEvidence, name: string): string {
  const told = measurements.map(({ measure }) => measure);
  return `${file} tells ${told.join(", ")}, not ${name}${didYouMean(name, told).startsWith(" (") ? didYouMean(name, told) : ""}`;
}
