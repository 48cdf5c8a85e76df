import type { Measurement } from "../../core/measurement.ts";
import type { Report } from "../../core/report.ts";
import { timeMeasurement, type Track } from "../../core/track.ts";
import { type Mutant, type Mutator, resealed, type Subject, understood, withDocument, withReport } from "./mutant.ts";
import { type Changed, measuredAs } from "./report-mutants.ts";

type Measured = Extract<Measurement, { kind: "measured" }>;

/** What a report measured: numbers apart from their samples, samples that tell nothing, and times that break their limits. */
export const measurementMutants: Mutator = (subject) =>
  understood(subject).flatMap((one): readonly Mutant[] => {
    if (one.kind !== "chaos") return [];
    const places = one.content.series.flatMap(({ reports }, at) =>
      reports.slice(0, 1).map((report) => ({ report, at })),
    );
    return places.flatMap(({ report, at }) =>
      changes(report, subject).map(([kind, found, changed]) => ({
        kind: `measurement: ${kind}`,
        file: one.file,
        found,
        subject: withDocument(subject, one.file, withReport(one.content, [at, 0], changed)),
      })),
    );
  });

function changes(report: Report, subject: Subject): readonly Changed[] {
  const due = report.plan.expectations.map(({ measure }) => measure);
  const times = report.measurements.flatMap((one) =>
    one.kind === "measured" && one.unit === "ms" && due.includes(one.measure) && one.tracks !== undefined ? [one] : [],
  );
  return [
    ...times.flatMap((time) => [...forged(report, time), ...honest(report, time, subject)]),
    ...sampled(report),
    [
      "one stands in it twice",
      "unusable",
      resealed({ ...report, measurements: [...report.measurements, ...report.measurements.slice(0, 1)] }),
    ],
    ["all are gone", "unusable", resealed({ ...report, measurements: [] })],
  ];
}

function put(report: Report, changed: object, measure: string): object {
  return resealed({
    ...report,
    measurements: report.measurements.map((one) => (one.measure === measure ? changed : one)),
  });
}

/** Numbers that do not follow from their samples, sealed. */
function forged(report: Report, time: Measured): readonly Changed[] {
  const { measure, tracks = [], high, low } = time;
  const with_ = (changed: object): object => put(report, { ...time, ...changed }, measure);
  return [
    ["a time is shorter than its samples say", "unusable", with_({ low: low / 2, high: high / 2 })],
    ["a time has no samples", "unusable", with_({ tracks: [] })],
    ["a time has lost its samples", "unusable", with_({ tracks: undefined })],
    [
      "a time counts from another moment",
      "unusable",
      with_({ tracks: tracks.map((one) => ({ ...one, from: [one.from[0] + 1, one.from[1] + 1] })) }),
    ],
    // A join counts from a node's own first dial.
    ...(measure === "p2p.connection"
      ? []
      : [
          [
            "a time counts from another fault",
            "unusable",
            with_({ tracks: tracks.map((one) => ({ ...one, subject: "other" })) }),
          ] satisfies Changed,
        ]),
    [
      "the samples are in another order",
      "unusable",
      with_({ tracks: tracks.map((one) => ({ ...one, looks: [[one.from[1] + high + 9e6, true], ...one.looks] })) }),
    ],
    ["low is above high", "unusable", with_({ low: high + 1 })],
    ["a time is negative", "unusable", with_({ low: -1 })],
    ["a time is text", "unusable", with_({ high: String(high) })],
    ["a time is null", "unusable", with_({ high: null })],
    ["the unit is another", "unusable", with_({ unit: "count" })],
    ["the measure is another", "unusable", with_({ measure: `${measure}x` })],
  ];
}

/** The run came out otherwise, and says so throughout. */
function honest(report: Report, time: Measured, subject: Subject): readonly Changed[] {
  const { measure, tracks = [], samples, note } = time;
  const [track] = tracks;
  const limit = report.plan.expectations.find((one) => one.measure === measure)?.limit ?? 0;
  if (track === undefined) return [];
  const later = (byMs: number, holds: boolean): Measurement => {
    const atMs = track.from[1] + byMs;
    const looks: Track["looks"] = holds
      ? [
          [atMs - 1, false],
          [atMs, true],
          [atMs + track.holdMs + 1, true],
        ]
      : [[atMs, false]];
    return timeMeasurement([{ ...track, looks }], { measure, samples, note });
  };
  return [
    ["a time is over its limit", "broken", measuredAs(report, later(limit + 1000, true), subject)],
    ["a time never ended", "broken", measuredAs(report, later(limit + 1000, false), subject)],
    ["a time was not waited for", "inconclusive", measuredAs(report, later(limit / 2, false), subject)],
    [
      "a time was not measured",
      "inconclusive",
      measuredAs(report, { kind: "not-measured", measure, unit: "ms", reason: "nobody looked" }, subject),
    ],
  ];
}

/** Ranks and rates apart from their samples, sealed. */
function sampled(report: Report): readonly Changed[] {
  return report.measurements.flatMap((one): readonly Changed[] => {
    if (one.kind !== "measured") return [];
    if (one.spread !== undefined) {
      return [
        [
          "a rank is better than its samples say",
          "unusable",
          put(report, { ...one, low: one.low / 2, high: one.high / 2 }, one.measure),
        ],
        ["a rank has lost its samples", "unusable", put(report, { ...one, spread: undefined }, one.measure)],
      ];
    }
    if (one.perSecond === undefined) return [];
    return [
      [
        "a rate is better than its samples say",
        "unusable",
        put(report, { ...one, low: one.low * 2, high: one.high * 2 }, one.measure),
      ],
      ["a rate has lost its samples", "unusable", put(report, { ...one, perSecond: undefined }, one.measure)],
    ];
  });
}
