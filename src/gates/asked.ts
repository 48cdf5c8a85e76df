import { parseExpectation } from "../core/expectation.ts";
import { ranks } from "../core/ranked.ts";
import type { Unit } from "../core/measurement.ts";
import type { Comparator, Expectation } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import { share } from "../core/share.ts";
import type { PolicyReading } from "./policy-reading.ts";
import type { Asked, Requirement, Where } from "./policy.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { quantities } from "./sources/index.ts";

/** What holds where this does not. */
const opposite: Readonly<Record<Comparator, Comparator | null>> = {
  "<": ">=",
  "<=": ">",
  ">=": "<",
  ">": "<=",
  "==": null,
};

type Criterion = NonNullable<PolicyFile["criteria"]>[string];

/** Everything that a policy asks for, or that it says must not be: then the opposite is asked for. */
export function askedIn(reading: PolicyReading, key: "criteria" | "noGo"): readonly Asked[] {
  const { file, document } = reading;
  const written =
    key === "criteria"
      ? Object.entries(file.criteria ?? {})
      : Object.entries(file.noGo ?? {}).map(([name, { when, ...rest }]): [string, Criterion] => [
          name,
          { ...rest, require: [when] },
        ]);
  return written.map(([name, one]) => {
    const pointer = `/${key}/${name}`;
    if (reading.vocabulary.criteria.includes(name) || (key === "noGo" && Object.hasOwn(file.criteria ?? {}, name))) {
      reading.report(pointer, `"${name}" is the name of a criterion already; take another`);
    }
    const requires = one.require.flatMap((text, index) => {
      const at = key === "noGo" ? `${pointer}/when` : `${pointer}/require/${index}`;
      return requirement(text, reading, { at, isRefused: key === "noGo" }) ?? [];
    });
    const isOfFiles = requires.some((each) => each.kind === "limit" && each.isOfFiles);
    const asked: Asked = {
      name,
      title: one.title ?? name,
      requires,
      where: whereOf(one, reading, pointer),
      from: one.from ?? [],
      isPooled: one.over === "pooled",
      repetitions: one.repetitions ?? 1,
      demonstrated: share(one.demonstrated ?? ""),
      place: document.placeOfKey(pointer),
    };
    for (const [at, message] of contradictions(asked, isOfFiles)) reading.report(`${pointer}${at}`, message);
    return asked;
  });
}

/** What does not go together in one criterion. */
function contradictions(
  { requires, from, isPooled, demonstrated, where }: Asked,
  isOfFiles: boolean,
): readonly (readonly [string, string])[] {
  const names = requires.flatMap((one) => (one.kind === "limit" ? [one.expectation.measure] : [one.check]));
  const isPoolable = names.every((name) => Object.hasOwn(ranks, name));
  const isOfRuns = requires.some((one) => one.kind === "check" || !one.isOfFiles);
  return [
    ...(isOfFiles && from.length === 0 ? [["", `${names[0]} is told by files; name them in \`from\``] as const] : []),
    ...(from.length > 0 && isOfRuns
      ? [
          [
            "/from",
            "files say nothing of runs; take `from` away, or put what is of files into a criterion of its own",
          ] as const,
        ]
      : []),
    ...(isPooled && !isPoolable ? [["/over", `only ${Object.keys(ranks).join(", ")} can be pooled`] as const] : []),
    ...(isPooled && demonstrated !== null
      ? [["/demonstrated", "what is pooled is no row of runs; take one of the two away"] as const]
      : []),
    ...(isOfFiles && Object.values(where).some((one) => one !== null)
      ? [["/of", "files are of no scenario; take `of` away"] as const]
      : []),
    ...(demonstrated !== null && !(demonstrated > 0 && demonstrated < 1)
      ? [["/demonstrated", "write a share above 0% and below 100%"] as const]
      : []),
  ];
}

interface Reading {
  readonly at: string;
  /** Whether the text says what must not be. */
  readonly isRefused: boolean;
}

function requirement(
  text: string,
  { vocabulary, report }: PolicyReading,
  { at, isRefused }: Reading,
): Requirement | null {
  const { checks, measures } = vocabulary;
  const word = isRefused ? "fails" : "holds";
  const [, check, said] = /^\s*([a-z][a-z0-9-]*)\s+(holds|fails)\s*$/.exec(text) ?? [];
  if (check !== undefined) {
    if (!checks.includes(check)) report(at, `there is no check "${check}"${didYouMean(check, checks)}`);
    if (said !== word)
      report(at, `write "${check} ${word}": ${isRefused ? "it says what blocks" : "it says what must hold"}`);
    return { kind: "check", text: `${check} holds`, check };
  }
  const files = Object.fromEntries(Object.values(quantities).map(({ name, unit }) => [name, unit]));
  const read = parseExpectation(text, { ...measures, ...files });
  if ("problem" in read) {
    report(at, read.problem);
    return null;
  }
  const expectation = isRefused ? opposed(read) : read;
  if (expectation === null) {
    report(at, "say what blocks by <, <=, > or >=");
    return null;
  }
  if (isVacuous(expectation, { ...measures, ...files })) {
    report(at, `nothing could ever break "${expectation.text}"; take it away, or write a limit that can be broken`);
  }
  return { kind: "limit", text: expectation.text, expectation, isOfFiles: Object.hasOwn(files, read.measure) };
}

/** Whether a limit asks for nothing: no measure is below 0, and no share above 1. */
function isVacuous({ comparator, limit, measure }: Expectation, units: Readonly<Record<string, Unit>>): boolean {
  return comparator === ">=" ? limit === 0 : comparator === "<=" && units[measure] === "ratio" && limit === 1;
}

function opposed(read: Expectation): Expectation | null {
  const comparator = opposite[read.comparator];
  if (comparator === null) return null;
  return { ...read, comparator, text: read.text.replace(/\s*(<=|>=|<|>)\s*/, ` ${comparator} `) };
}

function whereOf({ of = {} }: Criterion, { vocabulary, report }: PolicyReading, pointer: string): Where {
  const { scenario = null, variant = null } = of;
  if (scenario !== null && !vocabulary.scenarios.includes(scenario)) {
    report(`${pointer}/of/scenario`, `there is no scenario "${scenario}"${didYouMean(scenario, vocabulary.scenarios)}`);
  } else if (scenario !== null && variant !== null && !vocabulary.variantsOf(scenario).includes(variant)) {
    report(
      `${pointer}/of/variant`,
      `${scenario} has no variant "${variant}"${didYouMean(variant, vocabulary.variantsOf(scenario))}`,
    );
  }
  return { class: of.class ?? null, scenario, variant };
}
