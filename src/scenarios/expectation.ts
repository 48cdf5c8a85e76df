import { durationMs } from "../core/duration.ts";
import type { Unit } from "../core/measurement.ts";
import { comparators, type Expectation } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";

/** Reads a one-line comparison such as `failover.time < 5s` or `uptime.ratio >= 99.5%`; or says what is wrong with it. */
export function parseExpectation(
  text: string,
  measures: Readonly<Record<string, Unit>>,
): Expectation | { readonly problem: string } {
  const match = /^\s*([a-z][a-z0-9.-]*)\s*(<=|>=|==|<|>)\s*(\S+)\s*$/.exec(text);
  const comparator = comparators.find((known) => known === match?.[2]);
  const measure = match?.[1];
  const right = match?.[3];
  if (measure === undefined || right === undefined || comparator === undefined) {
    return { problem: `"${text}" is no comparison; write one as: failover.time < 5s` };
  }
  const unit = Object.hasOwn(measures, measure) ? measures[measure] : undefined;
  if (unit === undefined) {
    return { problem: `there is no measure "${measure}"${didYouMean(measure, Object.keys(measures))}` };
  }
  const limit = unit === "ms" ? durationMs(right) : ratio(right);
  if (limit === null) {
    const example = unit === "ms" ? "a time with its unit, as 5s or 250ms" : "a share, as 99.5% or 0.995";
    return { problem: `"${right}" does not fit ${measure}; write ${example}` };
  }
  return { text: text.trim(), measure, comparator, limit };
}

/** A share as `99.5%` or `0.995`, from 0 to 1, or null. */
function ratio(text: string): number | null {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  // Dividing by 100 would leave 0.9949999…; the decimal text is exact.
  const share = percent === undefined ? Number(text) : Number(`${percent}e-2`);
  return Number.isFinite(share) && share >= 0 && share <= 1 ? share : null;
}
