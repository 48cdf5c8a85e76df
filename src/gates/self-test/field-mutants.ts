import { type PerformanceFile, performanceFieldNames } from "../../core/contract.ts";
import { type Json, parseJson } from "../../core/json.ts";
import { changedAt, type Mutant, type Mutator, resealed, understood, withDocument } from "./mutant.ts";

/** Single values: each of the three times, each value of a file that is not sealed again, and the coverage. */
export const fieldMutants: Mutator = (subject) => [
  ...understood(subject).flatMap((one): readonly Mutant[] => {
    const altered = leafMutants(one.content).map(([kind, document]): Mutant => ({
      kind: `${one.kind} file: ${kind}`,
      file: one.file,
      found: "unusable",
      subject: withDocument(subject, one.file, document),
    }));
    if (one.kind === "chaos") return altered;
    const fields = performanceMutants(one.content).map(([kind, found, document]): Mutant => ({
      kind: `performance file: ${kind}`,
      file: one.file,
      found,
      subject: withDocument(subject, one.file, document),
    }));
    return [...altered, ...fields];
  }),
  ...coverageMutants(subject),
];

type Change = readonly [kind: string, found: Mutant["found"], document: object];

function performanceMutants(content: PerformanceFile): readonly Change[] {
  return performanceFieldNames.flatMap((field): readonly Change[] => {
    const value = content[field];
    const sources = content.rests_on[field];
    if (value === undefined || sources.length === 0) return [];
    const { [field]: _value, ...without } = content;
    const rests = (changed: readonly object[]): object =>
      resealed({ ...content, rests_on: { ...content.rests_on, [field]: changed } });
    return [
      ["a time is lower", "unusable", resealed({ ...content, [field]: value / 2 })],
      ["a time is higher", "unusable", resealed({ ...content, [field]: value * 2 })],
      ["a time is text", "unusable", resealed({ ...content, [field]: String(value) })],
      ["a time is null", "unusable", resealed({ ...content, [field]: null })],
      ["a time is negative", "unusable", resealed({ ...content, [field]: -value })],
      ["a time is gone", "unusable", resealed(without)],
      ["a source is gone", "inconclusive", rests(sources.slice(1))],
      ["a source stands in it twice", "unusable", rests([...sources, ...sources.slice(0, 1)])],
      ["a source is of another run", "unusable", rests(sources.map((one) => ({ ...one, run: "other" })))],
      ["a source measured nothing", "unusable", rests(sources.map((one) => ({ ...one, measurement: null })))],
    ];
  });
}

/** One value of each shape of place, altered without sealing again. */
function leafMutants(content: object): readonly (readonly [kind: string, document: Json])[] {
  const document = parseJson(JSON.stringify(content))?.value ?? null;
  const shapes = new Map<string, readonly [path: readonly string[], value: Json]>();
  for (const [path, value] of leaves(document, [])) {
    const shape = path.map((part) => (/^\d+$/.test(part) ? "*" : part)).join("/");
    if (!shapes.has(shape)) shapes.set(shape, [path, value]);
  }
  return [...shapes.values()].flatMap(([path, value]) => [
    ["a value was altered and not sealed again", changedAt(document, path, otherThan(value))],
    ["a value was taken out and not sealed again", changedAt(document, path, undefined)],
  ]);
}

function leaves(value: Json, path: readonly string[]): readonly (readonly [path: readonly string[], value: Json])[] {
  const inner = typeof value === "object" && value !== null ? Object.entries<Json>(value) : [];
  return inner.length === 0 ? [[path, value]] : inner.flatMap(([key, one]) => leaves(one, [...path, key]));
}

function otherThan(value: Json): Json {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? `${value}x` : 1;
}

/** Texts of a coverage file, as others write them who measured nothing. */
const coverageTexts: readonly (readonly [kind: string, found: Mutant["found"], text: string])[] = [
  ["it says Unknown", "unusable", '{"summary":{"line_coverage":"Unknown"}}'],
  ["it says text", "unusable", '{"summary":{"line_coverage":"99"}}'],
  ["it says null", "unusable", '{"summary":{"line_coverage":null}}'],
  ["it says NaN", "unusable", '{"summary":{"line_coverage":NaN}}'],
  ["it says more than there can be", "unusable", '{"summary":{"line_coverage":1e999}}'],
  ["it says more than all", "unusable", '{"summary":{"line_coverage":100.5}}'],
  ["it says less than nothing", "unusable", '{"summary":{"line_coverage":-1}}'],
  ["it says nothing", "inconclusive", '{"summary":{}}'],
  ["its summary is a number", "unusable", '{"summary":99}'],
  ["none is covered", "broken", '{"summary":{"line_coverage":0}}'],
  ["Istanbul says Unknown", "inconclusive", '{"total":{"lines":{"total":0,"covered":0,"skipped":0,"pct":"Unknown"}}}'],
  ["Istanbul contradicts itself", "unusable", '{"total":{"lines":{"total":10,"covered":5,"skipped":0,"pct":100}}}'],
  ["LCOV has no line", "inconclusive", "TN:\nSF:a.js\nend_of_record\n"],
  ["LCOV is a part", "unusable", "TN:\nSF:a.js\nDA:1,1\n"],
  ["Cobertura has no line", "inconclusive", '<?xml version="1.0"?><coverage line-rate="1"></coverage>'],
  ["Cobertura is a part", "unusable", '<?xml version="1.0"?><coverage line-rate="1"><packages>'],
];

const coverageMutants: Mutator = (subject) => {
  const { raw } = subject;
  const { coverage_threshold: threshold } = subject.judging.policy.limits;
  const below =
    threshold > 0
      ? [["it is below the threshold", "broken", `{"summary":{"line_coverage":${threshold - 0.1}}}`] as const]
      : [];
  return [...coverageTexts.filter(([, found]) => found !== "broken" || threshold > 0), ...below].map(
    ([kind, found, text]) => ({
      kind: `coverage file: ${kind}`,
      file: raw.coverage.file,
      found,
      subject: { ...subject, raw: { ...raw, coverage: { ...raw.coverage, text, problem: "" } } },
    }),
  );
};
