import { assertNever } from "../core/assert-never.ts";
import type { Measurement, Unit } from "../core/measurement.ts";
import type { Comparator } from "../core/scenario.ts";
import { tidy } from "./words.ts";

/** A limit: what a value is held against, and how. */
export interface Limit {
  readonly comparator: Comparator;
  readonly limit: number;
  readonly unit: Unit;
}

/** The end of a measurement that is nearer to breaking a limit; Infinity for what had not ended, null for what was not measured. */
export function worseEndFor(measurement: Measurement, comparator: Comparator): number | null {
  switch (measurement.kind) {
    case "measured":
      return comparator === ">" || comparator === ">=" ? measurement.low : measurement.high;
    case "beyond":
      return Infinity;
    case "not-measured":
      return null;
  }
}

/**
 * Whether a value that keeps its limit is close to breaking it: it takes more than this share of the limit, or (of a lower limit) of what
 * lies between the limit and the best that there is. A limit of nothing (0, or all) has no such stretch.
 */
export function isMarginal(value: number, { comparator, limit, unit }: Limit, share: number): boolean {
  switch (comparator) {
    case "<":
    case "<=":
      return limit > 0 && value > limit * share;
    case ">":
    case ">=": {
      if (unit !== "ratio") return limit > 0 && value < limit / share;
      return limit < 1 && value < limit + (1 - share) * (1 - limit);
    }
    case "==":
      return false;
    default:
      return assertNever(comparator);
  }
}

/** By how much a value breaks its limit, in words: `over by 24 %`, `short by 3.2 %`; of a limit of nothing the amount. */
export function marginText(value: number, { comparator, limit, unit }: Limit): string {
  if (!Number.isFinite(value)) return "it had not ended when waiting did";
  const isUpper = comparator === "<" || comparator === "<=";
  const far = Math.abs(value - limit);
  const word = comparator === "==" ? "off by" : isUpper ? "over by" : "short by";
  if (unit === "ratio") return `${word} ${tidy(far * 100)} points`;
  if (limit === 0) return `${word} ${tidy(far)}${unit === "ms" ? " ms" : ""}`;
  return `${word} ${Number(((far / Math.abs(limit)) * 100).toPrecision(3))} %`;
}
