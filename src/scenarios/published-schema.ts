import { isList, isObject, type Json } from "../core/json.ts";
import { scenarioSchema } from "./schema.ts";

/** What must be known before parameters are filled in: no `$name` there. */
const plain: ReadonlySet<string> = new Set(["name", "class", "parameters"]);
const reference = { type: "string", pattern: "^\\$[a-z][a-z0-9-]*$", title: "a parameter of this file" } as const;

/** The scenario language as editors see it: wherever a value is asked for, `$name` may stand as well. */
export function publishedScenarioSchema(): object {
  const schema: Json = JSON.parse(JSON.stringify(scenarioSchema));
  return asObject(allowing(schema, false));
}

function allowing(schema: Json, isValue: boolean): Json {
  if (isList(schema)) return schema.map((part) => allowing(part, true));
  if (!isObject(schema)) return schema;
  if (isValue && isStrict(schema)) {
    const { description, examples, default: standard, "x-unit": unit, ...rest } = schema;
    const told = Object.entries({ description, examples, default: standard, "x-unit": unit }).filter(
      ([, value]) => value !== undefined,
    );
    return asObject({ ...Object.fromEntries(told), anyOf: [rest, reference] });
  }
  const entries = Object.entries(schema).map(([key, part]): readonly [string, Json] => {
    if (key === "properties" && isObject(part)) {
      const own = Object.entries(part).map(([name, one]): readonly [string, Json] => [
        name,
        plain.has(name) && !isValue ? one : allowing(one, true),
      ]);
      return [key, Object.fromEntries(own)];
    }
    if (key === "anyOf" || key === "items") return [key, allowing(part, true)];
    if (key === "patternProperties" && isObject(part)) {
      return [key, Object.fromEntries(Object.entries(part).map(([name, one]) => [name, allowing(one, true)]))];
    }
    return [key, part];
  });
  return Object.fromEntries(entries);
}

/** Whether a text with `$name` would be refused by it. */
function isStrict({ type, pattern, enum: choices }: Readonly<Record<string, Json>>): boolean {
  return (
    type === "integer" || type === "number" || type === "boolean" || pattern !== undefined || choices !== undefined
  );
}

function asObject(schema: Json): Readonly<Record<string, Json>> {
  return isObject(schema) ? schema : {};
}
