import type { Outcome } from "./command.ts";
import { HarnessError } from "./core/harness-error.ts";
import { freshSeed } from "./core/random.ts";
import { chaosClasses } from "./core/scenario.ts";
import { defaults, findScenarios, inventory, type InventoryItem, scenarioNames } from "./harness-catalogue.ts";
import { planScenarios } from "./harness-plan.ts";
import { askedSeries, noneTagged, type SeriesFlags } from "./harness-series.ts";

// The part of the composition root that says which scenarios the jobs of a workflow carry.

/** Says which scenarios each class has, as words of a command line; those of one tag apart. Exit 69 where a plan lacks something, as `plan`. */
export async function planJobs(
  names: readonly string[],
  flags: SeriesFlags & { readonly apart: string | null },
  signal: AbortSignal,
): Promise<Outcome> {
  const { apart } = flags;
  const seeded = { ...flags, seed: flags.seed ?? defaults().seed ?? freshSeed() };
  const { exitCode } = await planScenarios(names, seeded, { columns: Infinity, signal });
  const all = askedSeries(names, seeded).map(({ asked, request }) => ({ asked, scenario: request.scenario }));
  const odd = all.find(({ asked }) => !/^[\w./@+-]+$/.test(asked) || asked.startsWith("-"));
  if (odd !== undefined) {
    throw new HarnessError(`"${odd.asked}" cannot stand among the words of a command line`, {
      code: "odd-name",
      exit: "usage",
      next: "give its file a name of letters, digits and hyphens",
    });
  }
  const isApart = ({ scenario }: (typeof all)[number]): boolean => apart !== null && scenario.tags.includes(apart);
  const words = (own: typeof all): string => own.map(({ asked }) => asked).join(" ");
  const classes = Object.fromEntries(
    chaosClasses.map((name) => [name, words(all.filter((one) => one.scenario.class === name && !isApart(one)))]),
  );
  const json = {
    seed: seeded.seed,
    classes,
    apart: apart === null ? {} : { [apart]: words(all.filter(isApart)) },
  };
  return { exitCode, text: JSON.stringify(json), json };
}

/** The scenarios of the catalogue that have a tag. Throws `HarnessError` (exit 64) for a tag that none has, and for a kind that has no tags. */
export function scenariosTagged(tag: string, kind: string): readonly InventoryItem[] {
  if (kind !== "scenarios") throw usage(`${kind} have no tags; scenarios have`);
  const tagsOf = new Map(scenarioNames().map((name) => [name, findScenarios(name).flatMap(({ tags }) => tags)]));
  const known = [...new Set([...tagsOf.values()].flat())];
  if (!known.includes(tag)) throw usage(noneTagged(tag, known));
  return inventory(kind).filter(({ name }) => tagsOf.get(name)?.includes(tag) ?? false);
}

function usage(message: string): HarnessError {
  return new HarnessError(message, { code: "usage", exit: "usage", next: "prism-chaos list scenarios" });
}
