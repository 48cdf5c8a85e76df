import type { Capability } from "../core/capability.ts";
import {
  compileSchema,
  invalid,
  type Problem,
  readDocument,
  schemaProblems,
  type SourceDocument,
} from "../core/document.ts";
import { isObject, type Json } from "../core/json.ts";
import { lazily } from "../core/lazily.ts";
import type { Unit } from "../core/measurement.ts";
import { type Parameter, profileNames, type Scenario } from "../core/scenario.ts";
import { build } from "./build.ts";
import { type ParameterChoices, resolveParameters } from "./parameters.ts";
import { type ScenarioFile, scenarioSchema } from "./schema.ts";
import { substitute } from "./substitute.ts";
import type { FaultParameters, Report } from "./timeline.ts";

/** The names that a scenario may use: what is registered, handed in by the harness. */
export interface ScenarioVocabulary {
  /** Parameters of a fault to problems (none: valid), by the fault's name. */
  readonly faults: Readonly<Record<string, FaultParameters>>;
  readonly probes: readonly string[];
  readonly workloads: readonly string[];
  readonly checks: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly measures: Readonly<Record<string, Unit>>;
}

/** A scenario as it stands in its file: no profile but quick, no parameter changed. */
export const asWritten: ParameterChoices = { profile: "quick", set: {}, usual: {}, variable: () => null };

const validator = lazily(() => compileSchema<ScenarioFile>(scenarioSchema));

/** Reads a scenario file for one profile, and checks it for all. Throws `HarnessError` (exit 64) with every problem and its place. */
export function loadScenario(
  file: string,
  vocabulary: ScenarioVocabulary,
  choices: ParameterChoices = asWritten,
): Scenario {
  return scenarioFrom(readDocument(file), vocabulary, choices);
}

/** As `loadScenario`, of a document that was read already. */
export function scenarioFrom(
  document: SourceDocument,
  vocabulary: ScenarioVocabulary,
  choices: ParameterChoices = asWritten,
): Scenario {
  const problems: Problem[] = [];
  const add = (problem: Problem): void => {
    // Each profile reads the same steps, and a name that stands for nothing is of the wrong type besides: both would be told twice.
    if (!problems.some(({ place, message }) => place === problem.place && message === problem.message)) {
      problems.push(problem);
    }
  };
  const report: Report = (pointer, message) => add(document.problem(pointer, message));
  const loaded = profileNames.map((profile) =>
    ofProfile({ document, vocabulary, report, add }, { ...choices, profile }),
  );
  const wanted = loaded.find((scenario) => scenario?.profile === choices.profile);
  if (problems.length > 0 || wanted === undefined || wanted === null) throw invalid(document.file, problems);
  return wanted;
}

interface Loading {
  readonly document: SourceDocument;
  readonly vocabulary: ScenarioVocabulary;
  readonly report: Report;
  readonly add: (problem: Problem) => void;
}

/** The scenario of one profile, or null where the schema refuses it. */
function ofProfile({ document, vocabulary, report, add }: Loading, choices: ParameterChoices): Scenario | null {
  const told = new Set<string>();
  const parameters = resolveParameters(document.value, choices, report);
  const value = substitute(document.value, parameters, (pointer, message) => {
    told.add(document.place(pointer));
    report(pointer, message);
  });
  const validate = validator();
  if (validate(value)) {
    const used = usedParameters(document.value, parameters);
    for (const name of Object.keys(parameters).filter((one) => !used.has(one))) {
      report(`/parameters/${name}`, `nothing in this file uses "$${name}", so that changing it would change nothing`);
    }
    return build({ document, file: value, parameters, vocabulary, report, profile: choices.profile });
  }
  for (const problem of schemaProblems(document, validate.errors ?? [])) if (!told.has(problem.place)) add(problem);
  return null;
}

/** Names of the parameters that stand anywhere in the file. */
function usedParameters(file: Json, parameters: Readonly<Record<string, Parameter>>): ReadonlySet<string> {
  const text = JSON.stringify(isObject(file) ? { ...file, parameters: null } : file);
  return new Set(Object.keys(parameters).filter((name) => new RegExp(`\\$${name}(?![a-z0-9-])`).test(text)));
}
