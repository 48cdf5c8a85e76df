import { HarnessError } from "../core/harness-error.ts";
import { isList, isObject, type Json, type JsonObject } from "../core/json.ts";
import type { Argument, Template } from "../core/target.ts";

const holder = /\{([A-Za-z][\w.-]*)(?:\|([A-Za-z][\w-]*))?\}/g;
const wholeHolder = new RegExp(`^${holder.source}$`);

/** What a holder's value can be passed through: `{key|base64}`. */
const filters = {
  base64: (text: string) => Buffer.from(text).toString("base64"),
  url: (text: string) => encodeURIComponent(text),
} as const satisfies Record<string, (text: string) => string>;

/** The filters' names, for messages. */
export const filterNames: readonly string[] = Object.keys(filters);

/** Values that a template's `{name}` holders stand for. */
export type Values = JsonObject;

/** A holder as it stands in a template. */
export interface Holder {
  readonly name: string;
  /** Null: its value as it is. */
  readonly filter: string | null;
}

/** The holders of a text, in order. */
export function holdersOf(template: Template): readonly Holder[] {
  return [...template.matchAll(holder)].map(([, name = "", filter]) => ({ name, filter: filter ?? null }));
}

/** Fills every `{name}` of a text. Throws `HarnessError` (exit 64) naming a holder that has no value. */
export function fill(template: Template, values: Values): string {
  return template.replaceAll(holder, (_whole, name: string, filter: string | undefined) => {
    const value = valueOf(name, values);
    return filtered(typeof value === "string" ? value : JSON.stringify(value), filter);
  });
}

/** Fills the texts of a JSON value; a text that is one holder and nothing else becomes the value itself, with its type. */
export function fillJson(template: Json, values: Values): Json {
  if (typeof template === "string") {
    const whole = wholeHolder.exec(template);
    const isPlain = whole !== null && whole[2] === undefined;
    return isPlain ? valueOf(whole[1] ?? "", values) : fill(template, values);
  }
  if (isList(template)) return template.map((item) => fillJson(item, values));
  if (isObject(template)) {
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillJson(value, values)]));
  }
  return template;
}

/** Fills every text of a record. */
export function fillRecord(
  templates: Readonly<Record<string, Template>>,
  values: Values,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, fill(template, values)]));
}

/** Fills the arguments of a command; an `each` argument becomes one text, its template filled for each of those and joined. */
export function fillArguments(
  args: readonly Argument[],
  values: Values,
  lists: Readonly<Record<"peer" | "member" | "voter", readonly Values[]>>,
): readonly string[] {
  return args.map((argument) =>
    typeof argument === "string"
      ? fill(argument, values)
      : lists[argument.each].map((one) => fill(argument.template, { ...values, ...one })).join(argument.join),
  );
}

function filtered(text: string, filter: string | undefined): string {
  switch (filter) {
    case undefined:
      return text;
    case "base64":
      return filters.base64(text);
    case "url":
      return filters.url(text);
    default:
      throw unknown(`{…|${filter}} names no filter`, filterNames.join(", "));
  }
}

function valueOf(name: string, values: Values): Json {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  const known = Object.keys(values).map((one) => `{${one}}`);
  throw unknown(`{${name}} stands for nothing here`, known.join(", "));
}

function unknown(message: string, known: string): HarnessError {
  return new HarnessError(message, { code: "unknown-holder", exit: "usage", next: `use one of ${known}` });
}
