import type { Json, JsonObject } from "./json.ts";
import { own } from "./own.ts";
import type { Hook } from "./target.ts";

/** Which value of its reading tells that a hook is in force with these arguments, and what it is then: `{name}` stands for an argument. */
export function hookInForce({ inForce }: Hook, args: JsonObject): { readonly value: string; readonly equals: Json } {
  const value = inForce.value.replaceAll(/\{([\w-]+)\}/g, (whole, name: string) => textOf(own(args, name) ?? whole));
  const { equals } = inForce;
  const holder = typeof equals === "string" ? /^\{([\w-]+)\}$/.exec(equals)?.[1] : undefined;
  return { value, equals: holder === undefined ? equals : (own(args, holder) ?? equals) };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
