import { type AbortCondition, type Gauge, gauges } from "./abort-condition.ts";
import { durationMs } from "./duration.ts";
import type { Unit } from "./measurement.ts";
import { comparators, type Expectation } from "./scenario.ts";
import { didYouMean } from "./suggest.ts";

type Problem = { readonly problem: string };

/** Reads a one-line comparison such as `failover.time < 5s`, `uptime.ratio >= 99.5%` or `writes.lost == 0`; or says what is wrong with it. */
export function parseExpectation(text: string, measures: Readonly<Record<string, Unit>>): Expectation | Problem {
  const read = parseComparison(text, measures, "measure");
  if ("problem" in read) return read;
  return { text: text.trim(), measure: read.name, comparator: read.comparator, limit: read.limit };
}

/** Reads an abort condition such as `nodes.healthy < 2 for 3s` or `one-leader fails for 10s`; or says what is wrong with it. */
export function parseAbortCondition(text: string, probes: readonly string[]): AbortCondition | Problem {
  const [comparison = "", span, more] = text.split(/\sfor\s/);
  const forMs = span === undefined ? 0 : durationMs(span);
  if (forMs === null || more !== undefined) {
    return { problem: `"${(span ?? "").trim()}" is no time; end it with how long it must go on, as: for 3s` };
  }
  const [, probe, word] = /^\s*([a-z][a-z0-9.-]*)\s+(holds|fails)\s*$/.exec(comparison) ?? [];
  if (probe !== undefined) {
    if (!probes.includes(probe)) return { problem: `there is no probe "${probe}"${didYouMean(probe, probes)}` };
    return { text: text.trim(), probe, when: word === "holds" ? "holds" : "fails", forMs };
  }
  const units = Object.fromEntries(Object.entries(gauges).map(([name, { unit }]) => [name, unit]));
  const read = parseComparison(comparison, units, "gauge");
  if ("problem" in read) return read;
  const gauge = gaugeNames.find((name) => name === read.name);
  if (gauge === undefined) return { problem: `there is no gauge "${read.name}"` };
  return { text: text.trim(), gauge, comparator: read.comparator, limit: read.limit, forMs };
}

const gaugeNames: readonly Gauge[] = ["nodes.healthy", "errors.ratio", "fault.time", "outage.time"];

/** What to write, by unit. */
const forms: Readonly<Record<Unit, string>> = {
  ms: "a time with its unit, as 5s or 250ms",
  ratio: "a share, as 99.5% or 0.995",
  count: "a whole number, as 0",
  "per-second": "a rate, as 100/s",
};
const exampleOf = { measure: "failover.time < 5s", gauge: "nodes.healthy < 2 for 3s" } as const;

function parseComparison(
  text: string,
  units: Readonly<Record<string, Unit>>,
  what: keyof typeof exampleOf,
): (Pick<Expectation, "comparator" | "limit"> & { readonly name: string }) | Problem {
  const match = /^\s*([a-z][a-z0-9.-]*)\s*(<=|>=|==|<|>)\s*(\S+)\s*$/i.exec(text);
  const comparator = comparators.find((known) => known === match?.[2]);
  const [, name, , right] = match ?? [];
  if (name === undefined || right === undefined || comparator === undefined)
    return { problem: noComparison(text, what) };
  const unit = Object.hasOwn(units, name) ? units[name] : undefined;
  if (unit === undefined) {
    return { problem: `there is no ${what} "${name}"${didYouMean(name, Object.keys(units))}` };
  }
  const limit = valueOf(right, unit);
  if (limit !== null) return { name, comparator, limit };
  const guess = unit === "ms" && /^\d+(\.\d+)?$/.test(right) ? ` (did you mean ${right}s?)` : "";
  return { problem: `"${right}" does not fit ${name}${guess}; write ${forms[unit]}` };
}

function noComparison(text: string, what: keyof typeof exampleOf): string {
  const wrong = /(=<|=>|!=|<>|≤|≥|[^<>=]=[^=])/.exec(text)?.[1]?.trim();
  const sign = wrong === undefined ? "" : `; compare by ${comparators.join(", ")}`;
  return `"${text}" is no comparison${sign}; write one as: ${exampleOf[what]}`;
}

function valueOf(text: string, unit: Unit): number | null {
  switch (unit) {
    case "ms":
      return durationMs(text);
    case "ratio":
      return ratio(text);
    case "count":
      return /^\d+$/.test(text) ? Number(text) : null;
    case "per-second":
      return /^\d+(\.\d+)?\/s$/.test(text) ? Number.parseFloat(text) : null;
  }
}

/** A share as `99.5%` or `0.995`, from 0 to 1, or null. */
function ratio(text: string): number | null {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  // Dividing by 100 would leave 0.9949999…; the decimal text is exact.
  const share = percent === undefined ? Number(text) : Number(`${percent}e-2`);
  return Number.isFinite(share) && share >= 0 && share <= 1 ? share : null;
}
