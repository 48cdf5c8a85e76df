import type { Outcome } from "./command.ts";
import { checks } from "./checks/index.ts";
import { gauges } from "./core/abort-condition.ts";
import { capabilities } from "./core/capability.ts";
import { configSchema } from "./core/config.ts";
import { exitCodes } from "./core/exit-code.ts";
import { HarnessError } from "./core/harness-error.ts";
import { cut } from "./core/printable.ts";
import { isMeant, keysUnder, type SchemaKey, schemaKeys } from "./core/schema-keys.ts";
import { textOf } from "./core/schema-node.ts";
import { didYouMean } from "./core/suggest.ts";
import { policySchema } from "./gates/policy-schema.ts";
import { faults } from "./faults/index.ts";
import { measures } from "./measures/index.ts";
import { probes } from "./probes/index.ts";
import { type Explained, explainText, keyJson } from "./reporters/explain-text.ts";
import { scenarioSchema } from "./scenarios/schema.ts";
import { targetSchema } from "./targets/schema.ts";
import { workloads } from "./workloads/index.ts";

// The part of the composition root that explains the languages of files, from their schemas and registries alone.

/** A language: what its keys are explained under, and every key of it. */
export interface Language {
  /** The first part of a key's full name: `scenario`, `fault.isolate`. */
  readonly root: string;
  readonly summary: string;
  readonly keys: readonly SchemaKey[];
}

/** Every language, in the order in which they are listed: the files', then each fault's parameters. */
export function languages(): readonly Language[] {
  const files = [
    { root: "scenario", summary: "what is broken, under which traffic, and what must hold", schema: scenarioSchema },
    { root: "target", summary: "a system: its nodes, links, operations and hooks", schema: targetSchema },
    { root: "config", summary: "defaults of a repository, in prism-chaos.config.yaml", schema: configSchema },
    {
      root: "policy",
      summary: "what must hold before a release, what blocks it, and what is waived",
      schema: policySchema,
    },
  ];
  const parameters = Object.values(faults).map(({ name, summary, schema }) => ({
    root: `fault.${name}`,
    summary,
    schema,
  }));
  return [...files, ...parameters].map(({ schema, ...language }) => ({ ...language, keys: schemaKeys(schema) }));
}

/** Explains a key of a file, a fault, a measure, a check, a probe or a workload; null: what can be explained. Throws `HarnessError` (exit 64). */
export function explain(asked: string | null): Outcome {
  const explained = asked === null ? [contents()] : found(asked);
  return {
    exitCode: exitCodes.pass,
    text: explained.map(explainText).join("\n\n"),
    json: explained.map((one) => ({
      ...one,
      key: one.key === null ? null : keyJson(one.key),
      below: one.below.map(({ path, schema }) => ({ key: path.at(-1), description: textOf(schema["description"]) })),
    })),
  };
}

/** Everything that can be asked for, by its full name: for completion, and for whoever mistypes. */
export function explainable(): readonly string[] {
  const keys = languages().flatMap((language) => [
    language.root,
    ...language.keys.map(({ path }) => [language.root, ...path].join(".")),
  ]);
  return [...new Set([...keys, ...things().flatMap(({ name }) => [name])])];
}

interface Thing {
  readonly kind: string;
  readonly name: string;
  readonly summary: string;
}

function things(): readonly Thing[] {
  const registries = { measure: measures, check: checks, probe: probes, workload: workloads };
  const words = [
    ...Object.entries(gauges).map(([name, { summary }]) => ({ kind: "gauge", name, summary })),
    ...Object.entries(capabilities).map(([name, summary]) => ({ kind: "capability", name, summary })),
  ];
  const registered = Object.entries(registries).flatMap(([kind, registry]) =>
    Object.values(registry).map(({ name, summary }) => ({ kind, name, summary })),
  );
  return [...registered, ...words];
}

function found(asked: string): readonly Explained[] {
  const parts = partsOf(asked);
  const all = languages();
  const thing = things().filter(({ kind, name }) => asked === name || asked === `${kind}.${name}`);
  const whole = all.filter(({ root }) => root === parts.join(".") || (root === `fault.${asked}` && thing.length === 0));
  const exact = all.flatMap((language) => matches(language, withoutRoot(language, parts)));
  const candidates = [
    ...thing.map(ofThing),
    ...whole.map(ofLanguage),
    ...(exact.length > 0 ? exact : endingIn(all, parts)),
  ];
  if (asked === "fault") return [ofFaults(all)];
  const names = [...new Set(candidates.map(({ name }) => name))];
  const [first, ...others] = names;
  if (first === undefined) throw unknown(asked);
  if (others.length === 0 || exact.length === 0) return others.length === 0 ? candidates : ambiguous(asked, names);
  return candidates;
}

/** The parts of a path as it is written, without indexes of lists (`[0]`, `.0`). */
function partsOf(asked: string): readonly string[] {
  return asked
    .replaceAll(/\[\d*\]/g, "")
    .split(".")
    .filter((part) => part !== "" && !/^\d+$/.test(part));
}

function withoutRoot({ root }: Language, parts: readonly string[]): readonly string[] {
  const own = root.split(".");
  return own.every((part, at) => parts[at] === part) ? parts.slice(own.length) : parts;
}

function matches(language: Language, parts: readonly string[]): readonly Explained[] {
  return parts.length === 0
    ? []
    : language.keys.filter((key) => isMeant(key, parts)).map((key) => ofKey(language, key));
}

/** Keys whose path ends in what was asked for: `hold` alone, where only one key is called so. */
function endingIn(all: readonly Language[], parts: readonly string[]): readonly Explained[] {
  return all.flatMap((language) =>
    language.keys
      .filter(({ path }) => path.length > parts.length && path.slice(-parts.length).join(".") === parts.join("."))
      .map((key) => ofKey(language, key)),
  );
}

function ofKey({ root, keys }: Language, key: SchemaKey): Explained {
  const below = keysUnder(keys, key.path);
  return { name: [root, ...key.path].join("."), summary: textOf(key.schema["description"]) ?? "", key, below };
}

function ofLanguage({ root, summary, keys }: Language): Explained {
  return { name: root, summary, key: null, below: keysUnder(keys, []) };
}

function ofThing({ kind, name, summary }: Thing): Explained {
  return { name: `${kind} ${name}`, summary, key: null, below: [] };
}

function ofFaults(all: readonly Language[]): Explained {
  const own = all.filter(({ root }) => root.startsWith("fault."));
  return listing("fault", "Kinds of faults, with their parameters.", own);
}

function contents(): Explained {
  const all = things();
  const known = all.map(({ kind, name, summary }) => {
    const isAlone = all.filter((other) => other.name === name).length === 1;
    return { root: isAlone ? name : `${kind}.${name}`, summary: `${kind}: ${summary}` };
  });
  return listing("explain KEY", "Explains a key of a file, as scenario.steadyState.hold, or one of these:", [
    ...languages(),
    ...known,
  ]);
}

function listing(
  name: string,
  summary: string,
  entries: readonly { readonly root: string; readonly summary: string }[],
): Explained {
  const below = entries.map((entry): SchemaKey => ({
    path: [entry.root],
    schema: { description: entry.summary },
    isRequired: false,
    alternative: null,
  }));
  return { name, summary, key: null, below };
}

function ambiguous(asked: string, names: readonly string[]): never {
  throw new HarnessError(`"${cut(asked)}" stands in several places: ${names.join(", ")}`, {
    code: "ambiguous-key",
    exit: "usage",
    next: `give one of them, as prism-chaos explain ${(names[0] ?? "").replace(" ", ".")}`,
  });
}

function unknown(asked: string): HarnessError {
  const known = explainable();
  const last = asked.split(".").at(-1) ?? asked;
  const near = didYouMean(asked, known);
  const fix = near.startsWith(" (")
    ? near
    : didYouMean(
        last,
        known.map((name) => name.split(".").at(-1) ?? name),
      );
  return new HarnessError(`there is no key "${cut(asked)}"${fix.startsWith(" (") ? fix : ""}`, {
    code: "no-such-key",
    exit: "usage",
    next: "prism-chaos explain lists what there is",
  });
}
