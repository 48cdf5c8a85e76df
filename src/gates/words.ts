import type { Measurement } from "../core/measurement.ts";

/** Without what subtracting two stamps adds behind the ninth digit of a second: 5 s is 5 s, and equal to the limit passes. */
export function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A measurement in few words: its bracket, how long was waited, or why there is none. */
export function inWords(measurement: Measurement | null | undefined): string {
  if (measurement === null || measurement === undefined) return "absent";
  const unit = measurement.unit === "ms" ? " ms" : "";
  switch (measurement.kind) {
    case "measured":
      return `${tidy(measurement.low)} to ${tidy(measurement.high)}${unit}`;
    case "beyond":
      return `> ${tidy(measurement.atLeast)}${unit}`;
    case "not-measured":
      return `not measured: ${measurement.reason}`;
  }
}
