import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { SourceDocument } from "./document.ts";
import { quoted } from "./printable.ts";
import type { Problem } from "./problem.ts";
import { meantErrors } from "./schema-branch.ts";
import { isNode, nodeOf, textOf } from "./schema-node.ts";
import { example, nameFix, valueWords } from "./schema-words.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** More errors than that are not put into words: nobody reads them. */
const mostErrors = 1000;

/** Validators that were made, by schema: compiling one takes a hundred times as long as using it. */
const validators = new WeakMap<object, Ajv2020>();

/** Compiles a JSON Schema (2020-12) into the type guard of what it describes; the same schema is compiled once. */
export function compileSchema<T>(schema: object): ValidateFunction<T> {
  // `verbose`: an error carries the schema's part and the value that it is about, which `schemaProblems` tells from.
  const ajv =
    validators.get(schema) ?? new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, verbose: true });
  if (!validators.has(schema)) {
    validators.set(schema, ajv);
    // For readers, not for validation: what `explain` says of a value's unit.
    ajv.addKeyword("x-unit");
  }
  // The same object: it is not compiled again.
  return ajv.compile<T>(schema);
}

/** What a schema found, in words with the likely fix, each at its place, one for each cause. */
export function schemaProblems(document: SourceDocument, errors: readonly ErrorObject[]): readonly Problem[] {
  const meant = meantErrors(errors).slice(0, mostErrors);
  const misspelt = misspeltKeys(meant);
  const told = meant.flatMap((error): readonly (readonly [string, Problem])[] => {
    if (error.keyword === "required") return missing(document, error, misspelt);
    const key = unknownKey(error);
    if (key === null) return [["value", document.problem(error.instancePath, valueWords(error))]];
    return [[`key ${key}`, document.problemOfKey(`${error.instancePath}/${escaped(key)}`, unknownWords(error, key))]];
  });
  // An alias is told where its anchor is, so that one mistake has several pointers and one place.
  const byCause = new Map<string, Problem>();
  for (const [cause, problem] of told) {
    const name = `${cause} ${problem.place}`;
    if (!byCause.has(name)) byCause.set(name, problem);
  }
  return [...byCause.values()];
}

function missing(
  document: SourceDocument,
  error: ErrorObject,
  misspelt: ReadonlySet<string>,
): readonly (readonly [string, Problem])[] {
  const key = String(error.params["missingProperty"]);
  if (misspelt.has(`${error.instancePath} ${key}`)) return [];
  const schema = nodeOf(nodeOf(nodeOf(error.parentSchema)["properties"])[key]);
  const shown = example(schema, key);
  const meaning = shown === "" ? textOf(schema["description"]) : null;
  const message = `missing key ${quoted(key)}${shown}${meaning === null ? "" : `: ${meaning}`}`;
  return [[`missing ${key}`, document.problemOfKey(error.instancePath, message)]];
}

/** Missing keys for which an unknown key stands in the same object, as `<pointer> <key>`: one mistake, told as the unknown key. */
function misspeltKeys(errors: readonly ErrorObject[]): ReadonlySet<string> {
  return new Set(
    errors.flatMap((error) => {
      const key = unknownKey(error);
      const meant = key === null ? null : nearest(key, absentKeys(error));
      return meant === null ? [] : [`${error.instancePath} ${meant}`];
    }),
  );
}

function unknownKey(error: ErrorObject): string | null {
  const unknown: unknown = error.params["additionalProperty"] ?? error.params["unevaluatedProperty"];
  return textOf(unknown);
}

function unknownWords(error: ErrorObject, key: string): string {
  const schema = nodeOf(error.parentSchema);
  if (isNode(schema["patternProperties"]) && !isNode(schema["properties"])) {
    return `the key ${quoted(key)} is no name: lower-case letters, digits and hyphens, a letter first${nameFix(key)}`;
  }
  const known = Object.keys(nodeOf(schema["properties"]));
  const absent = absentKeys(error);
  const near = nearest(key, absent);
  if (known.length === 0) return `unknown key ${quoted(key)}: no key may stand here`;
  return `unknown key ${quoted(key)}${near === null ? didYouMean(key, known) : didYouMean(key, [near])}`;
}

/** Keys that may stand in the object and do not: a misspelt one is most likely among them. */
function absentKeys(error: ErrorObject): readonly string[] {
  const data = nodeOf(error.data);
  const properties = Object.keys(nodeOf(nodeOf(error.parentSchema)["properties"]));
  return properties.filter((key) => !Object.hasOwn(data, key));
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
