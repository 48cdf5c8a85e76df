import type { Finding } from "../core/decision.ts";
import { atPointer, isObject } from "../core/json.ts";
import { printable } from "../core/printable.ts";
import { jsonOf, shown } from "./parse.ts";
import { findingAt, type Place, unusable } from "./place.ts";

/** What a workflow says of the jobs before this one: the text of `toJSON(needs)`, and the variable that has it. */
export interface RawJobs {
  readonly variable: string;
  /** Null: there is no such variable, or it is empty. */
  readonly text: string | null;
}

/** Results that are no success: such a job may have been about to find something. */
const required = "every job ended with success";

/**
 * What stands against a GO in how jobs ended. Reports decide; but a job that died may have left whole ones, and what it was still to do
 * was not done: its result alone is inconclusive, whatever the reports say. `needs` cannot say which leg of a matrix it was.
 */
export function jobFindings({ variable, text }: RawJobs): readonly Finding[] {
  const place: Place = {
    file: `$${variable}`,
    field: "",
    criteria: [],
    command: "run the jobs that did not succeed again",
  };
  if (text === null) {
    return [
      unusable(place, { reason: `the variable ${variable} says nothing of the jobs`, measured: "absent", required }),
    ];
  }
  const { content, findings } = jsonOf({ file: place.file, text, problem: "" }, place);
  if (content === null) return findings;
  const { value } = content;
  if (!isObject(value) || Object.keys(value).length === 0) {
    return [
      unusable(place, { reason: "it names no job", measured: shown(value), required: "what toJSON(needs) gives" }),
    ];
  }
  return Object.keys(value).flatMap((job) => {
    const at = { ...place, field: `/${job.replaceAll("~", "~0").replaceAll("/", "~1")}/result` };
    const result = atPointer(value, at.field);
    if (result === "success") return [];
    const said = { reason: `job ${printable(job)} did not end with success`, measured: shown(result), required };
    return [findingAt(at, "inconclusive", said)];
  });
}
