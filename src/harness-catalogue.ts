import { existsSync } from "node:fs";
import { join } from "node:path";
import { checks } from "./checks/index.ts";
import { catalogueFiles } from "./core/catalogue.ts";
import { configSchema, readConfig } from "./core/config.ts";
import { packageFolder } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { gauges } from "./core/abort-condition.ts";
import { capabilities, capabilityNames } from "./core/capability.ts";
import { chaosClasses, type Scenario } from "./core/scenario.ts";
import { builtInScenarios } from "./core/scenario-source.ts";
import { didYouMean } from "./core/suggest.ts";
import type { Target } from "./core/target.ts";
import { lazily } from "./core/lazily.ts";
import { faults } from "./faults/index.ts";
import { policySchema } from "./gates/policy-schema.ts";
import { measures } from "./measures/index.ts";
import { probes } from "./probes/index.ts";
import { asWritten, loadScenario, type ScenarioVocabulary } from "./scenarios/load.ts";
import type { ParameterChoices } from "./scenarios/parameters.ts";
import { publishedScenarioSchema } from "./scenarios/published-schema.ts";
import { loadTarget } from "./targets/load.ts";
import { targetSchema } from "./targets/schema.ts";
import { workloads } from "./workloads/index.ts";

// The part of the composition root that looks names up: files of the catalogues, and what is registered.

/** The defaults that hold where the command was started. Throws `HarnessError` (exit 64) for a file that is not valid. */
export const defaults = lazily(() => readConfig(process.cwd()));

/** The folders in which scenarios and targets are found by name, after those of the repository's own. */
const catalogues = {
  scenarios: builtInScenarios(),
  targets: join(packageFolder(), "fixtures", "targets"),
} as const;

/** The names that a scenario file may use. */
export const vocabulary: ScenarioVocabulary = {
  faults,
  probes: Object.keys(probes),
  workloads: Object.keys(workloads),
  checks: Object.keys(checks),
  capabilities: capabilityNames,
  measures: Object.fromEntries(Object.values(measures).map(({ name, unit }) => [name, unit])),
};

/** Names of every scenario of the catalogue. */
export function scenarioNames(): readonly string[] {
  return [...filesOf("scenarios").keys()];
}

/** Loads scenarios by a name in the catalogue, a class (all of it), or a file. Throws `HarnessError` (exit 64). */
export function findScenarios(asked: string, choices: ParameterChoices = asWritten): readonly Scenario[] {
  const files = filesOf("scenarios");
  const load = (file: string): Scenario => loadScenario(file, vocabulary, choices);
  const file = fileOf(asked, files);
  if (file !== null) return [load(file)];
  const isClass = chaosClasses.some((name) => name === asked);
  const ofClass = isClass ? [...files.values()].map(load).filter((scenario) => scenario.class === asked) : [];
  if (ofClass.length > 0) return ofClass;
  throw notFound("scenario", asked, [...files.keys(), ...chaosClasses]);
}

/** Loads a target by its name or its file. Throws `HarnessError` (exit 64). */
export function findTarget(asked: string): Target {
  const files = filesOf("targets");
  const file = fileOf(asked, files);
  if (file !== null) return loadTarget(file);
  throw notFound("target", asked, [...files.keys()]);
}

/** Every target of the catalogue. */
export function catalogueTargets(): readonly Target[] {
  return [...filesOf("targets").values()].map(loadTarget);
}

/** The JSON Schemas that the package publishes, by file name in schemas/. */
export function publishedSchemas(): Readonly<Record<string, object>> {
  const dialect = { $schema: "https://json-schema.org/draft/2020-12/schema" };
  return {
    "scenario.schema.json": { ...dialect, ...publishedScenarioSchema() },
    "target.schema.json": { ...dialect, ...targetSchema },
    "config.schema.json": { ...dialect, ...configSchema },
    "policy.schema.json": { ...dialect, ...policySchema },
  };
}

/** Kinds of things that `list` shows. */
export const inventoryKinds = [
  "scenarios",
  "targets",
  "faults",
  "probes",
  "measures",
  "gauges",
  "checks",
  "workloads",
  "capabilities",
] as const;

/** One thing that `list` shows. */
export interface InventoryItem {
  readonly kind: (typeof inventoryKinds)[number];
  readonly name: string;
  readonly summary: string;
}

/** Everything of one kind (of all, for null): name and one line. */
export function inventory(kind: string | null): readonly InventoryItem[] {
  const registered = {
    faults,
    probes,
    measures,
    checks,
    workloads,
    gauges: named(Object.entries(gauges).map(([name, { summary }]) => [name, summary] as const)),
    capabilities: named(Object.entries(capabilities)),
  };
  const titled = {
    scenarios: (file: string) => loadScenario(file, vocabulary).title,
    targets: (file: string) => loadTarget(file).title,
  };
  return inventoryKinds
    .filter((one) => kind === null || one === kind)
    .flatMap((one): readonly InventoryItem[] =>
      one === "scenarios" || one === "targets"
        ? [...filesOf(one)].map(([name, file]) => ({ kind: one, name, summary: titleOf(file, titled[one]) }))
        : Object.values(registered[one]).map(({ name, summary }) => ({ kind: one, name, summary })),
    );
}

/** The title of a file; of one that is not valid that it is not, because the others are to be listed all the same. */
function titleOf(file: string, load: (file: string) => string): string {
  try {
    return load(file);
  } catch (thrown) {
    if (thrown instanceof HarnessError) return `NOT VALID, see prism-chaos validate ${file}`;
    throw thrown;
  }
}

function named(
  entries: readonly (readonly [string, string])[],
): readonly { readonly name: string; readonly summary: string }[] {
  return entries.map(([name, summary]) => ({ name, summary }));
}

/** Files by name: the repository's own first, so that one may stand in the place of one that comes with us. */
function filesOf(kind: keyof typeof catalogues): ReadonlyMap<string, string> {
  const own = defaults()[kind].flatMap((path) => [...catalogueFiles(path)]);
  return new Map([...catalogueFiles(catalogues[kind]), ...own]);
}

function fileOf(asked: string, files: ReadonlyMap<string, string>): string | null {
  return files.get(asked) ?? (/\.(ya?ml|json)$/.test(asked) || existsSync(asked) ? asked : null);
}

function notFound(what: string, asked: string, known: readonly string[]): HarnessError {
  return new HarnessError(`there is no ${what} "${asked}"${didYouMean(asked, known)}`, {
    code: `no-such-${what}`,
    exit: "usage",
    next: `prism-chaos list ${what}s, or give a file`,
  });
}
