import type { Measurement } from "../core/measurement.ts";
import type { Plan } from "../core/plan.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Evidence } from "./evidence.ts";
import { below, type Place } from "./place.ts";
import type { Where } from "./policy.ts";

/** What one run, or one file, says of something that a policy asks for. */
export interface Sample<T> {
  /** A run's or a file's name. */
  readonly name: string;
  readonly place: Place;
  /** Null: it should say it, and does not. */
  readonly said: T | null;
  /** Why, where it does not. */
  readonly reason: string;
}

/** The measurements of a name in the runs that are meant; where none are named, in those that should have measured it, or did. */
export function measured(measure: string, where: Where, evidence: Evidence): readonly Sample<Measurement>[] {
  return runsOf(evidence, where).flatMap(({ name, place, report, brokenOff }): readonly Sample<Measurement>[] => {
    if (report === null) {
      const isDue = isNamed(where) || (brokenOff?.expected.includes(measure) ?? false);
      return isDue ? [{ name, place, said: null, reason: brokenOff?.reason ?? "it has no report" }] : [];
    }
    const at = report.measurements.findIndex((one) => one.measure === measure);
    const found = report.measurements[at] ?? null;
    const isExpected = report.plan.expectations.some((one) => one.measure === measure);
    if (!isNamed(where) && !isExpected && (found === null || found.kind === "not-measured")) return [];
    const there = at < 0 ? place : below(place, "measurements", at);
    return [{ name, place: there, said: found, reason: `it has no measurement of ${measure}` }];
  });
}

/** The verdicts of a check in the runs that are meant; where none are named, in those that ask for it. */
export function judged(check: string, where: Where, evidence: Evidence): readonly Sample<Verdict>[] {
  return runsOf(evidence, where).flatMap(({ name, place, report, brokenOff }): readonly Sample<Verdict>[] => {
    if (report === null) {
      return isNamed(where) ? [{ name, place, said: null, reason: brokenOff?.reason ?? "it has no report" }] : [];
    }
    const at = report.verdicts.findIndex((one) => one.check === check);
    const found = report.verdicts[at] ?? null;
    if (found === null && !isNamed(where)) return [];
    const there = at < 0 ? place : below(place, "verdicts", at);
    return [{ name, place: there, said: found, reason: `its scenario does not ask for ${check}` }];
  });
}

interface Run {
  readonly name: string;
  readonly place: Place;
  /** Null: it was broken off. */
  readonly report: Evidence["chaos"][number]["content"]["series"][number]["reports"][number] | null;
  readonly brokenOff: Evidence["chaos"][number]["content"]["series"][number]["brokenOff"][number] | null;
}

/** Every run that is meant, each once, whatever attempt or file it is from. */
function runsOf({ chaos }: Evidence, where: Where): readonly Run[] {
  const runs = chaos.flatMap(({ file, content }) =>
    content.series.flatMap((series, at): readonly Run[] => {
      const isMeant = (variant: string, plan: Plan | null): boolean =>
        (where.class ?? content.class) === content.class &&
        (where.scenario ?? series.scenario) === series.scenario &&
        (where.variant ?? plan?.variant.name ?? variant) === variant;
      const place = (command: string, ...parts: readonly (string | number)[]): Place =>
        below({ file, field: "", criteria: [], command }, "series", at, ...parts);
      return [
        ...series.reports.flatMap((report, index): readonly Run[] =>
          isMeant(report.plan.variant.name, report.plan)
            ? [{ name: report.run.id, place: place(report.run.reproduce, "reports", index), report, brokenOff: null }]
            : [],
        ),
        ...series.brokenOff.flatMap((one, index): readonly Run[] =>
          isMeant(one.variant, null)
            ? [{ name: one.run, place: place(one.reproduce, "brokenOff", index), report: null, brokenOff: one }]
            : [],
        ),
      ];
    }),
  );
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}

function isNamed(where: Where): boolean {
  return Object.values(where).some((one) => one !== null);
}
