import type { Measurement, Unit } from "../core/measurement.ts";

/** Without what subtracting two stamps adds behind the ninth digit of a second: 5 s is 5 s, and equal to the limit passes. */
export function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A measurement in few words: its bracket, how long was waited, or why there is none. */
export function inWords(measurement: Measurement | null | undefined): string {
  if (measurement === null || measurement === undefined) return "absent";
  const { unit } = measurement;
  const told = (value: number): string => String(tidy(unit === "ratio" ? value * 100 : value));
  switch (measurement.kind) {
    case "measured": {
      const { low, high } = measurement;
      return `${low === high ? told(low) : `${told(low)} to ${told(high)}`}${signs[unit]}`;
    }
    case "beyond":
      return `> ${told(measurement.atLeast)}${signs[unit]}`;
    case "not-measured":
      return `not measured: ${measurement.reason}`;
  }
}

const signs: Readonly<Record<Unit, string>> = { ms: " ms", ratio: " %", count: "", "per-second": " a second" };
