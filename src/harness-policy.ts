import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { checks } from "./checks/index.ts";
import { catalogueFiles } from "./core/catalogue.ts";
import { packageFolder } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { didYouMean } from "./core/suggest.ts";
import { criteria } from "./gates/criteria/index.ts";
import { loadPolicy } from "./gates/load-policy.ts";
import type { Policy } from "./gates/policy.ts";
import type { PolicyVocabulary } from "./gates/policy-reading.ts";
import { findScenarios, scenarioNames, vocabulary } from "./harness-catalogue.ts";

// The part of the composition root that reads release policies.

/** Measures and checks of lost data and split brains: no waiver covers them. */
export const neverWaived: readonly string[] = [
  "writes.lost",
  ...Object.values(checks)
    .filter(({ guards }: { readonly guards?: string }) => guards !== undefined)
    .map(({ name }) => name),
];

/** Loads a policy by its file, or by the name of one that comes with the package. Throws `HarnessError`: exit 64 for none, 12 for one that is not valid. */
export function findPolicy(asked: string): Policy {
  const files = catalogueFiles(join(packageFolder(), "src", "gates", "policies"));
  const file = files.get(asked) ?? (/\.(ya?ml|json)$/.test(asked) || existsSync(asked) ? asked : null);
  if (file === null) {
    throw new HarnessError(`there is no policy "${asked}"${didYouMean(asked, [...files.keys()])}`, {
      code: "no-such-policy",
      exit: "usage",
      next: "give a policy's file, as --policy policy.yaml",
    });
  }
  const words: PolicyVocabulary = {
    measures: vocabulary.measures,
    checks: Object.keys(checks),
    criteria: Object.keys(criteria),
    scenarios: scenarioNames(),
    variantsOf: (scenario) => findScenarios(scenario).flatMap(({ variants }) => variants.map(({ name }) => name)),
    neverWaived,
  };
  return loadPolicy(file, words, files.has(asked) ? `policies/${basename(file)}` : file);
}
