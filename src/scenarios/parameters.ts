import { durationMs } from "../core/duration.ts";
import { HarnessError } from "../core/harness-error.ts";
import { isList, isObject, type Json, type JsonObject } from "../core/json.ts";
import type { Parameter, ProfileName } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Report } from "./timeline.ts";

/** Who changes parameters from outside: `--set`, and the environment. */
export interface ParameterChoices {
  readonly profile: ProfileName;
  /** Name to text, as given by `--set name=value`; names that a scenario does not have are for others. */
  readonly set: Readonly<Record<string, string>>;
  /** The same, of the repository's defaults: they give way to the environment. */
  readonly usual: Readonly<Record<string, string>>;
  /** The value of a variable of the environment, or null. */
  readonly variable: (name: string) => string | null;
}

type Value = Parameter["value"];
type Kind = "time" | "share" | "number" | "switch" | "word";

/** What to write instead, by kind. */
const examples: Readonly<Record<Kind, string>> = {
  time: "a time with its unit, as 5s or 250ms",
  share: "a share, as 50%",
  number: "a number",
  switch: "true or false",
  word: "a word",
};

/** Works out the value of every parameter of a file that need not be valid yet: `--set` before the environment before the repository's defaults before the profile before the default. */
export function resolveParameters(
  file: Json,
  choices: ParameterChoices,
  report: Report,
): Readonly<Record<string, Parameter>> {
  const declared = objectAt(file, ["parameters"]);
  const ofProfile = objectAt(file, ["profiles", choices.profile, "set"]);
  for (const name of Object.keys(ofProfile).filter((one) => !Object.hasOwn(declared, one))) {
    const at = `/profiles/${choices.profile}/set/${name}`;
    report(at, `there is no parameter "${name}"${didYouMean(name, Object.keys(declared))}`);
  }
  const resolved = Object.entries(declared).flatMap(([name, read]): readonly (readonly [string, Parameter])[] => {
    const standard = isObject(read) ? read["default"] : undefined;
    if (!isObject(read) || !isValue(standard)) return [];
    const known = { declared: read, name, kind: kindOf(standard), standard };
    return [[name, { ...chosen(known, { ...choices, ofProfile }, report), default: standard }]];
  });
  return Object.fromEntries(resolved);
}

interface Known {
  readonly name: string;
  readonly declared: JsonObject;
  readonly kind: Kind;
  readonly standard: Value;
}

type Choices = ParameterChoices & { readonly ofProfile: JsonObject };

function chosen(known: Known, choices: Choices, report: Report): Omit<Parameter, "default"> {
  const { name, declared, standard, kind } = known;
  const variable = typeof declared["environment"] === "string" ? declared["environment"] : null;
  const description = typeof declared["description"] === "string" ? declared["description"] : "";
  const said = { description, variable };
  const check = (value: Value, who: string, at: string): Value => {
    const problem = problemOf(value, known);
    if (problem !== null) report(at, `${who}: ${problem}`);
    return value;
  };
  /** What is wrong with a value from outside is no mistake of the file. */
  const outside = (value: Value, who: string): Value => {
    const problem = problemOf(value, known);
    if (problem === null) return value;
    throw new HarnessError(`${who}: ${problem}`, {
      code: "bad-parameter",
      exit: "usage",
      next: `give ${name} another value: ${describe(known)}`,
    });
  };
  const odd = oddKind(known);
  if (odd !== null) report(`/parameters/${name}/default`, odd);
  else check(standard, `parameter "${name}"`, `/parameters/${name}/default`);
  const set = Object.hasOwn(choices.set, name) ? choices.set[name] : undefined;
  const environment = variable === null ? null : choices.variable(variable);
  const own = choices.ofProfile[name];
  if (set !== undefined) return { ...said, value: outside(typed(set, kind), `--set ${name}=${set}`), from: "set" };
  if (environment !== null && environment !== "") {
    const value = typed(kind === "time" && isNumber(environment) ? `${environment}s` : environment, kind);
    return { ...said, value: outside(value, `${variable}=${environment}`), from: "environment" };
  }
  const usual = Object.hasOwn(choices.usual, name) ? choices.usual[name] : undefined;
  if (usual !== undefined) {
    return {
      ...said,
      value: outside(typed(usual, kind), `${name}: ${usual} in prism-chaos.config.yaml`),
      from: "config",
    };
  }
  if (!isValue(own)) return { ...said, value: standard, from: "default" };
  const at = `/profiles/${choices.profile}/set/${name}`;
  return { ...said, value: check(own, `parameter "${name}"`, at), from: "profile" };
}

/** A default of another kind than its own bounds: most likely its unit is missing. Null where they agree. */
function oddKind({ name, declared, kind, standard }: Known): string | null {
  for (const bound of ["minimum", "maximum"] as const) {
    const limit = declared[bound];
    if (!isValue(limit) || kindOf(limit) === kind) continue;
    const unit = kindOf(limit) === "time" && kind === "number" ? ` (did you mean ${standard}s?)` : "";
    return `parameter "${name}": its default, ${standard}, is of another kind than its ${bound}, ${limit}${unit}`;
  }
  return null;
}

/** What is wrong with a value of this parameter, or null. */
function problemOf(value: Value, { declared, kind }: Known): string | null {
  if (kindOf(value) !== kind) {
    const unit = kind === "time" && isNumber(String(value)) ? ` (did you mean ${value}s?)` : "";
    return `"${value}" is not ${examples[kind]}${unit}`;
  }
  const choices = isList(declared["choices"]) ? declared["choices"].filter(isValue) : [];
  if (choices.length > 0 && !choices.includes(value)) {
    return `"${value}" is none of ${choices.join(", ")}${didYouMean(String(value), choices.map(String)).replace(/^;.*/, "")}`;
  }
  const size = sizeOf(value);
  for (const [bound, breaks] of [
    ["minimum", (limit: number) => size < limit],
    ["maximum", (limit: number) => size > limit],
  ] as const) {
    const limit = declared[bound];
    if (isValue(limit) && breaks(sizeOf(limit)))
      return `"${value}" is ${bound === "minimum" ? "below" : "above"} the ${bound}, ${limit}`;
  }
  return null;
}

/** What a parameter takes, in words. */
function describe({ declared, kind }: Known): string {
  const bounds = ["minimum", "maximum"].flatMap((bound) => {
    const limit = declared[bound];
    return isValue(limit) ? [`${bound} ${limit}`] : [];
  });
  return [examples[kind], ...bounds].join(", ");
}

function kindOf(value: Value): Kind {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "switch";
  if (durationMs(value) !== null) return "time";
  return /^\d+(\.\d+)?%$/.test(value) ? "share" : "word";
}

/** A text as a value of this kind; a text that is none stays a text, and is told as a problem. */
function typed(text: string, kind: Kind): Value {
  if (kind === "number" && isNumber(text)) return Number(text);
  if (kind === "switch" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** For comparing with bounds: ms, a share, the number itself; NaN for a word, which no bound breaks. */
function sizeOf(value: Value): number {
  return typeof value === "string" ? (durationMs(value) ?? Number(value.replace("%", "e-2"))) : Number(value);
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

function isValue(value: Json | undefined): value is Value {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function objectAt(file: Json, path: readonly string[]): JsonObject {
  let found: Json = file;
  for (const key of path) found = isObject(found) && Object.hasOwn(found, key) ? (found[key] ?? null) : null;
  return isObject(found) ? found : {};
}
