import { HarnessError } from "../core/harness-error.ts";
import { isList, isObject, type Json, type JsonObject } from "../core/json.ts";
import type { Argument, Template } from "../core/target.ts";

const holder = /\{([A-Za-z][\w.-]*)\}/g;

/** Values that a template's `{name}` holders stand for. */
export type Values = JsonObject;

/** Fills every `{name}` of a text. Throws `HarnessError` (exit 64) naming a holder that has no value. */
export function fill(template: Template, values: Values): string {
  return template.replaceAll(holder, (_whole, name: string) => {
    const value = valueOf(name, values);
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

/** Fills the texts of a JSON value; a text that is one holder and nothing else becomes the value itself, with its type. */
export function fillJson(template: Json, values: Values): Json {
  if (typeof template === "string") {
    const whole = /^\{([A-Za-z][\w.-]*)\}$/.exec(template)?.[1];
    return whole === undefined ? fill(template, values) : valueOf(whole, values);
  }
  if (isList(template)) return template.map((item) => fillJson(item, values));
  if (isObject(template)) {
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillJson(value, values)]));
  }
  return template;
}

/** Fills the arguments of a command; an `each: peer` argument becomes one text, its template filled for each peer and joined. */
export function fillArguments(args: readonly Argument[], values: Values, peers: readonly Values[]): readonly string[] {
  return args.map((argument) =>
    typeof argument === "string"
      ? fill(argument, values)
      : peers.map((peer) => fill(argument.template, { ...values, ...peer })).join(argument.join),
  );
}

function valueOf(name: string, values: Values): Json {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  throw new HarnessError(`{${name}} stands for nothing here`, {
    code: "unknown-holder",
    exit: "usage",
    next: `use one of ${Object.keys(values)
      .map((known) => `{${known}}`)
      .join(", ")}`,
  });
}
