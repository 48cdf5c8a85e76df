import type { SchemaKey } from "../core/schema-keys.ts";
import { allowedValues, branchesOf, nodeOf, textOf } from "../core/schema-node.ts";
import { example, kindText, plainText } from "../core/schema-words.ts";

/** What is told of one thing: a key, or what has no schema of its own (a measure, a whole language). */
export interface Explained {
  /** In full: `scenario.steadyState.hold`. */
  readonly name: string;
  readonly summary: string;
  readonly key: SchemaKey | null;
  /** Keys right below it. */
  readonly below: readonly SchemaKey[];
}

/** A key for programs: everything that is known of it. */
export interface KeyFacts {
  readonly required: boolean;
  readonly alternative: string | null;
  readonly type: string;
  readonly unit: string | null;
  readonly allowed: readonly unknown[] | null;
  readonly bounds: string | null;
  readonly default: unknown;
  readonly examples: readonly unknown[];
}

/** What is known of a key. */
export function keyJson({ schema, isRequired, alternative }: SchemaKey): KeyFacts {
  const examples: unknown = schema["examples"];
  const hasAllowed = branchesOf(schema).length === 0 || allowedValues(schema) !== null;
  return {
    required: isRequired,
    alternative,
    type: kindText(schema),
    unit: textOf(schema["x-unit"]),
    allowed: hasAllowed ? allowedValues(schema) : null,
    bounds: boundsOf(schema),
    default: schema["default"] ?? null,
    examples: Array.isArray(examples) ? examples : [],
  };
}

/** A key in words: what it means, whether it must be there, type, unit, bounds, default, examples, and the keys below it. */
export function explainText({ name, summary, key, below }: Explained): string {
  const lines = [name, ...(summary === "" ? [] : [`  ${summary}`])];
  if (key !== null) lines.push(...factLines(key).map(([what, text]) => `  ${what.padEnd(9)} ${text}`));
  if (below.length === 0) return lines.join("\n");
  const merged = new Map(below.map((one) => [one.path.at(-1) ?? "", one]));
  const width = Math.max(...[...merged.keys()].map((own) => own.length)) + 2;
  const rows = [...merged].map(([own, one]) => {
    const alternative = one.alternative === null ? "" : ` [${one.alternative}]`;
    const mark = one.isRequired ? "*" : " ";
    return `  ${mark} ${own.padEnd(width)}${textOf(one.schema["description"]) ?? ""}${alternative}`;
  });
  const hasMark = below.some(({ isRequired }) => isRequired);
  return [...lines, ...rows, ...(hasMark ? ["  * must be there"] : [])].join("\n");
}

function factLines(key: SchemaKey): readonly (readonly [string, string])[] {
  const facts = keyJson(key);
  const { schema, path } = key;
  const unit = facts.unit ?? textOf(nodeOf(schema["items"])["x-unit"]);
  const rows: readonly (readonly [string, string | null])[] = [
    ["needed", facts.required ? "must be there" : "may be left out"],
    ["in", facts.alternative],
    ["type", facts.type],
    ["unit", unit === facts.type ? null : unit],
    ["allowed", facts.allowed === null ? null : facts.allowed.map(plainText).join(", ")],
    ["bounds", facts.bounds],
    ["default", facts.default === null ? null : plainText(facts.default)],
    [
      "example",
      facts.examples.length === 0 ? null : example(schema, path.at(-1) ?? null).replace(/^ \(as (.*)\)$/s, "$1"),
    ],
    ["or", facts.examples.length < 2 ? null : facts.examples.slice(1).map(plainText).join("   ")],
  ];
  return rows.flatMap(([what, text]) => (text === null || text === "" ? [] : [[what, text] as const]));
}

const boundWords: Readonly<Record<string, string>> = {
  minimum: "at least",
  maximum: "at most",
  exclusiveMinimum: "more than",
  exclusiveMaximum: "less than",
  minItems: "entries, at least",
  maxItems: "entries, at most",
  minLength: "characters, at least",
  maxLength: "characters, at most",
  minProperties: "keys, at least",
};

function boundsOf(schema: SchemaKey["schema"]): string | null {
  const bounds = Object.entries(boundWords).flatMap(([keyword, words]) => {
    const limit: unknown = schema[keyword];
    return typeof limit === "number" ? [`${words} ${limit}`] : [];
  });
  return bounds.length === 0 ? null : bounds.join(", ");
}
