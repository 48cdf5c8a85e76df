import type { Json, JsonObject } from "./json.ts";
import { own } from "./own.ts";
import type { Hook } from "./target.ts";

/** Which value of its reading tells that a hook is in force with these arguments, and what it is then: `{name}` stands for an argument. */
export function hookInForce({ inForce }: Hook, args: JsonObject): Told {
  return filled(inForce, args);
}

/** By which operation and value a witness sees that it is in force with these arguments, and what it is then. */
export function hookShown(hook: Hook, args: JsonObject): Told & { readonly operation: string } {
  const { operation, ...told } = hook.shows ?? { operation: hook.read, ...hook.inForce };
  return { operation, ...filled(told, args) };
}

/** A value of an operation, and what it is. */
interface Told {
  readonly value: string;
  readonly equals: Json;
}

function filled(inForce: Told, args: JsonObject): Told {
  const value = inForce.value.replaceAll(/\{([\w-]+)\}/g, (whole, name: string) => textOf(own(args, name) ?? whole));
  const { equals } = inForce;
  const holder = typeof equals === "string" ? /^\{([\w-]+)\}$/.exec(equals)?.[1] : undefined;
  return { value, equals: holder === undefined ? equals : (own(args, holder) ?? equals) };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
