import type { Finding } from "../core/decision.ts";
import { isSame } from "../core/same.ts";
import type { Measurement, Unit } from "../core/measurement.ts";
import type { FaultWindow, Report } from "../core/report.ts";
import { perSecondMean } from "../core/per-second.ts";
import { ranked, ranks } from "../core/ranked.ts";
import { timeMeasurement, type Track } from "../core/track.ts";
import { shown } from "./parse.ts";
import { below, type Place, unusable, when } from "./place.ts";
import { tidy } from "./words.ts";

/** What is wrong with a measurement: numbers that no bracket has, or a time that its own samples do not come to. */
export function measurementFindings(
  one: Measurement,
  place: Place,
  units: Readonly<Record<string, Unit>>,
): readonly Finding[] {
  const unit = units[one.measure];
  return [
    ...when(unit !== undefined && unit !== one.unit, () =>
      unusable(below(place, "unit"), {
        reason: `${one.measure} has another unit`,
        measured: one.unit,
        required: unit ?? "",
      }),
    ),
    ...(one.kind === "measured" ? bracketFindings(one, place) : []),
    ...(one.kind === "not-measured" ? [] : sampleFindings(one, place)),
  ];
}

type Measured = Extract<Measurement, { kind: "measured" }>;

const brackets: Readonly<Record<Unit, string>> = {
  ms: "in ms",
  ratio: "shares from 0 to 1",
  count: "whole numbers",
  "per-second": "how many a second",
};

function bracketFindings({ low, high, unit }: Measured, place: Place): readonly Finding[] {
  const [top, isCount] = [unit === "ratio" ? 1 : Infinity, unit === "count"];
  const isWrong = low > high || high > top || (isCount && !(Number.isInteger(low) && Number.isInteger(high)));
  return when(isWrong, () =>
    unusable(below(place, "high"), {
      reason: "the measurement is no bracket of its unit",
      measured: `${tidy(low)} to ${tidy(high)}`,
      required: `low to high, ${brackets[unit]}`,
    }),
  );
}

/** What is wrong with what a measurement was told from: ranks have a spread, rates their seconds, all other times have tracks. */
function sampleFindings(stored: Taken, place: Place): readonly Finding[] {
  if (stored.measure in ranks) return spreadFindings(stored, place);
  if (stored.unit === "per-second") return secondsFindings(stored, place);
  return stored.unit === "ms" ? trackFindings(stored, place) : [];
}

type Taken = Exclude<Measurement, { kind: "not-measured" }>;

function spreadFindings(stored: Taken, place: Place): readonly Finding[] {
  const { measure, spread } = stored;
  if (spread === undefined) return [sampleless(measure, below(place, "spread"))];
  const disordered = spread.lengths.findIndex(
    (length, index, all) => length[1] === 0 || length[0] <= (all[index - 1]?.[0] ?? -1),
  );
  if (disordered >= 0) return [unordered(measure, below(place, "spread", "lengths", disordered))];
  return differing(stored, ranked(spread, measure), place);
}

function secondsFindings(stored: Taken, place: Place): readonly Finding[] {
  const { measure } = stored;
  const perSecond = stored.kind === "measured" ? (stored.perSecond ?? []) : [];
  if (perSecond.length === 0) return [sampleless(measure, below(place, "perSecond"))];
  const rate = perSecondMean(perSecond);
  return differing(stored, { ...stored, low: rate, high: rate, samples: perSecond.length }, place);
}

function trackFindings(stored: Taken, place: Place): readonly Finding[] {
  const { measure, note, tracks = [] } = stored;
  if (tracks.length === 0) return [sampleless(measure, below(place, "tracks"))];
  const disordered = tracks.findIndex((track) => !isOrdered(track));
  if (disordered >= 0) return [unordered(measure, below(place, "tracks", disordered))];
  const samples = stored.kind === "measured" ? stored.samples : 0;
  return differing(stored, timeMeasurement(tracks, { measure, note, samples }), place);
}

function sampleless(measure: string, place: Place): Finding {
  const reason = `${measure} has no samples that it could be computed again from`;
  return unusable(place, { reason, measured: "none", required: "the samples that it was told from" });
}

function unordered(measure: string, place: Place): Finding {
  const reason = `the samples of ${measure} are not in order`;
  return unusable(place, { reason, measured: "out of order", required: "each after the one before" });
}

/** Where the number is another one when computed again, the first field that differs is named. */
function differing(stored: Taken, again: object, place: Place): readonly Finding[] {
  if (isSame(again, stored)) return [];
  const [here, there] = [Object.entries(stored), new Map<string, unknown>(Object.entries(again))];
  const [field, value] = here.find(([key, one]) => !isSame(one, there.get(key))) ?? ["kind", stored.kind];
  return [
    unusable(below(place, field), {
      reason: `${stored.measure}, computed again from its samples, is another one: it was altered`,
      measured: shown(value),
      required: `${shown(there.get(field))}, as its samples say`,
    }),
  ];
}

function isOrdered({ from, looks }: Track): boolean {
  return from[0] <= from[1] && looks.every(([atMs], index) => atMs >= (looks[index - 1]?.[0] ?? -Infinity));
}

/** Where the tracks of a measure begin, and for how long they must hold, told by the rest of the report. */
const beginnings: Readonly<
  Record<string, (window: FaultWindow, report: Report) => readonly [from: readonly (number | null)[], holdMs: number]>
> = {
  "failover.time": ({ startedMs, injectedMs }) => [[startedMs, injectedMs], 0],
  "conflict.resolution": ({ healStartedMs, healedMs }) => [[healStartedMs, healedMs], 0],
  "recovery.time": ({ healStartedMs, healedMs }, { plan }) => [[healStartedMs, healedMs], plan.steadyState.holdMs],
};

/** What is wrong with tracks that count from a fault: they must begin where the report says that it came or went. */
export function beginningFindings(one: Measurement, report: Report, place: Place): readonly Finding[] {
  const begins = beginnings[one.measure];
  if (begins === undefined || one.kind === "not-measured") return [];
  return (one.tracks ?? []).flatMap(({ subject, from, holdMs }, index) => {
    const at = below(place, "tracks", index, "from");
    const window = report.faults.find(({ fault }) => fault === subject);
    if (window === undefined) {
      const said = { reason: `${one.measure} counts from a fault that the run did not have`, measured: shown(subject) };
      return [unusable(at, { ...said, required: report.faults.map(({ fault }) => fault).join(", ") || "a fault" })];
    }
    const [due, dueHoldMs] = begins(window, report);
    const isThere = isSame([from, holdMs], [due, dueHoldMs]);
    return when(!isThere, () =>
      unusable(at, {
        reason: `${one.measure} does not count from when ${subject} came or went`,
        measured: shown([...from, holdMs]),
        required: `${shown([...due, dueHoldMs])} (begin in ms, hold in ms)`,
      }),
    );
  });
}
