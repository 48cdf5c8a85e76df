import type { Finding } from "../core/decision.ts";
import { atPointer, isList, type Json } from "../core/json.ts";
import type { Report } from "../core/report.ts";
import { didYouMean } from "../core/suggest.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import type { PolicyReading } from "./policy-reading.ts";
import { jsonOf } from "./parse.ts";
import { findingAt, type Place, unusable } from "./place.ts";
import type { ExpectedRuns } from "./policy.ts";
import type { RawFile } from "./read-folder.ts";

/** The runs that a policy says must be there. */
export function expectedIn({ file, document, vocabulary, report }: PolicyReading): readonly ExpectedRuns[] {
  return Object.entries(file.evidence?.expect ?? {}).flatMap(([scenario, { repetitions, variants }]) => {
    const pointer = `/evidence/expect/${scenario}`;
    if (!vocabulary.scenarios.includes(scenario)) {
      report(pointer, `there is no scenario "${scenario}"${didYouMean(scenario, vocabulary.scenarios)}`);
      return [];
    }
    const known = vocabulary.variantsOf(scenario);
    for (const [index, variant] of (variants ?? []).entries()) {
      if (!known.includes(variant)) {
        report(`${pointer}/variants/${index}`, `${scenario} has no variant "${variant}"${didYouMean(variant, known)}`);
      }
    }
    const place = document.placeOfKey(pointer);
    return (variants ?? known).flatMap((variant) =>
      Array.from({ length: repetitions }, (_, index) => ({
        scenario,
        variant,
        repetition: index + 1,
        digest: null,
        place,
      })),
    );
  });
}

/** The runs of what `plan --json` printed, or what is wrong with it. */
export function expectedOfPlan(raw: RawFile): {
  readonly expected: readonly ExpectedRuns[];
  readonly findings: readonly Finding[];
} {
  const place: Place = {
    file: raw.file,
    field: "",
    criteria: [],
    command: `prism-chaos plan --all --json > ${raw.file}`,
  };
  const required = "what `prism-chaos plan --json` prints, with a plan at least";
  if (raw.text === null && raw.problem === "ENOENT") {
    const said = {
      reason: "there is no such plan, so that nobody knows what should have been run",
      measured: "absent",
    };
    return { expected: [], findings: [findingAt(place, "inconclusive", { ...said, required })] };
  }
  const { content, findings } = jsonOf(raw, place);
  if (content === null) return { expected: [], findings };
  const plans = atPointer(content.value, "/plans");
  const expected = (isList(plans) ? plans : []).flatMap((one) => expectedRun(atPointer(one, "/plan"), raw.file) ?? []);
  if (isList(plans) && expected.length === plans.length && expected.length > 0) return { expected, findings: [] };
  const said = {
    reason: "the file holds no plan, or something that is none",
    measured: `${expected.length} plans`,
    required,
  };
  return { expected: [], findings: [unusable({ ...place, field: "/plans" }, said)] };
}

function expectedRun(plan: Json | undefined, place: string): ExpectedRuns | null {
  if (plan === undefined) return null;
  const [scenario, variant, repetition, digest] = ["/scenario/name", "/variant/name", "/repetition", "/digest"].map(
    (pointer) => atPointer(plan, pointer),
  );
  if (typeof scenario !== "string" || typeof variant !== "string") return null;
  if (typeof repetition !== "number" || typeof digest !== "string") return null;
  return { scenario, variant, repetition, digest, place };
}

/** What was expected and is not there, by scenario and variant: completeness is told by what was planned, never by what was found. */
export function missingRuns(
  expected: readonly ExpectedRuns[],
  chaos: readonly ChaosEvidence[],
  folder: string,
): readonly Finding[] {
  const reports = chaos.flatMap(({ content }) => content.series.flatMap((series) => series.reports));
  const found = Map.groupBy(reports, runKey);
  return [...Map.groupBy(expected, ({ scenario, variant }) => `${scenario} ${variant}`)].flatMap(([, all]) => {
    const [first] = all;
    const missing = all.filter((one) => (found.get(keyOf(one)) ?? []).length === 0);
    const others = all.filter((one) => {
      const here = found.get(keyOf(one)) ?? [];
      return one.digest !== null && here.length > 0 && !here.some(({ plan }) => plan.digest === one.digest);
    });
    if (first === undefined) return [];
    const classOf = reports.find(({ plan }) => plan.scenario.name === first.scenario)?.plan.scenario.class;
    return [
      ...told(missing, { all, folder, classOf, what: "is missing", found: "no report" }),
      ...told(others, { all, folder, classOf, what: "was run by another plan", found: "another digest" }),
    ];
  });
}

function keyOf({ scenario, variant, repetition }: ExpectedRuns): string {
  return `${scenario} ${variant} ${repetition}`;
}

function runKey({ plan }: Report): string {
  return `${plan.scenario.name} ${plan.variant.name} ${plan.repetition}`;
}

interface Saying {
  readonly all: readonly ExpectedRuns[];
  readonly folder: string;
  readonly classOf: string | undefined;
  readonly what: string;
  readonly found: string;
}

function told(wrong: readonly ExpectedRuns[], { all, folder, classOf, what, found }: Saying): readonly Finding[] {
  const [first] = wrong;
  if (first === undefined) return [];
  const numbers = wrong.map(({ repetition }) => repetition).join(", ");
  const out = folder === "reports" ? "" : ` --out ${folder}`;
  return [
    {
      kind: "inconclusive",
      criteria: classOf === undefined ? [] : [classOf],
      reason: `${first.scenario} ${first.variant}: repetition ${numbers} of ${all.length} ${what}`,
      file: first.place,
      field: "",
      measured: `${all.length - wrong.length} of ${all.length} runs, ${found} of the rest`,
      required: `${all.length} runs`,
      command: `prism-chaos run ${first.scenario} --variant ${first.variant} --repeat ${all.length}${out}`,
      scenario: first.scenario,
      variant: first.variant,
    },
  ];
}
