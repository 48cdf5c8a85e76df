import type { ChaosFile, SeriesRecord } from "../../core/contract.ts";
import { seriesRecord } from "../../core/contract.ts";
import type { Json } from "../../core/json.ts";
import { type Mutant, type Mutator, resealed, type Subject, understood, withDocument } from "./mutant.ts";

/** What a chaos file says of its class and its series. */
export const contractMutants: Mutator = (subject) =>
  understood(subject).flatMap((one) => (one.kind === "chaos" ? chaosMutants(subject, one.file, one.content) : []));

type Change = readonly [kind: string, found: Mutant["found"], document: object];

function chaosMutants(subject: Subject, file: string, content: ChaosFile): readonly Mutant[] {
  const { recovery_successful: isRecovered, ...without } = content;
  const fields: readonly Change[] = [
    ...[null, String(isRecovered), 1, {}].map((value: Json): Change => {
      return [
        `recovery_successful is ${JSON.stringify(value)}`,
        "unusable",
        { ...content, recovery_successful: value },
      ];
    }),
    ["recovery_successful is absent", "unusable", without],
    ["recovery_successful is turned around", "unusable", { ...content, recovery_successful: !isRecovered }],
    [
      "recovery_successful is turned around, and sealed",
      "unusable",
      resealed({ ...content, recovery_successful: !isRecovered }),
    ],
    ["class is another", "unusable", resealed({ ...content, class: otherClass(content) })],
    ["version is another", "unusable", resealed({ ...content, version: 99 })],
    ["a key is unknown", "unusable", resealed({ ...content, passed: true })],
    ["seal is of another file", "unusable", { ...content, seal: `sha256:${"0".repeat(64)}` }],
    ["seal is absent", "unusable", { ...content, seal: undefined }],
    ["series are gone", "inconclusive", resealed({ ...content, series: [], recovery_successful: false })],
  ];
  return [...fields, ...content.series.flatMap((series, at) => seriesMutants(content, series, at))].map(
    ([kind, found, document]): Mutant => ({
      kind: `chaos file: ${kind}`,
      file,
      found,
      subject: withDocument(subject, file, document),
    }),
  );
}

function otherClass({ class: name }: ChaosFile): string {
  return name === "data_corruption" ? "network_partition" : "data_corruption";
}

/** A series that was changed by somebody who makes every seal and every list anew. */
function seriesMutants(content: ChaosFile, series: SeriesRecord, at: number): readonly Change[] {
  const put = (changed: SeriesRecord, isRecovered = content.recovery_successful): object =>
    resealed({
      ...content,
      recovery_successful: isRecovered,
      series: content.series.map((one, index) => (index === at ? changed : one)),
    });
  const [first] = series.reports;
  if (first === undefined) return [];
  const broken = {
    run: first.run.id,
    variant: first.plan.variant.name,
    repetition: first.plan.repetition,
    reason: "broken off",
    reproduce: first.run.reproduce,
    expected: [],
  };
  const rest = series.reports.slice(1);
  return [
    ["more runs were planned than are there", "unusable", put({ ...series, planned: series.planned + 1 }, false)],
    ["fewer runs were planned than are there", "unusable", put({ ...series, planned: series.planned - 1 }, false)],
    ["a run is gone", "inconclusive", put(seriesRecord({ ...series, reports: rest }), false)],
    ["a run is gone, and its series says so of none", "unusable", put({ ...series, reports: rest })],
    [
      "a run was broken off",
      "inconclusive",
      put(seriesRecord({ ...series, reports: rest, brokenOff: [...series.brokenOff, broken] }), false),
    ],
    [
      "a run stands in it twice",
      "unusable",
      put(seriesRecord({ ...series, planned: series.planned + 1, reports: [...series.reports, first] })),
    ],
    [
      "the list of runs is another",
      "unusable",
      put({ ...series, runs: series.runs.map((run) => ({ ...run, reason: "all well" })) }),
    ],
    ["a series stands in it twice", "unusable", resealed({ ...content, series: [...content.series, series] })],
    ["the scenario is another", "unusable", put({ ...series, scenario: `${series.scenario}-other` })],
    ["the series is another", "unusable", put({ ...series, series: `${series.series}-other` })],
  ];
}
