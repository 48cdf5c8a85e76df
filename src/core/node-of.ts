import type { Action } from "./action.ts";

/** The node that an action acts on. Throws `TypeError` for one on a link. */
export function nodeOf({ id, subject }: Action): string {
  if (subject.kind === "node") return subject.node;
  throw new TypeError(`${id} does not name a node`);
}

/** A number among an action's parameters. Throws `TypeError` where it is none. */
export function numberOf({ id, params }: Action, name: string): number {
  const value = params[name];
  if (typeof value === "number") return value;
  throw new TypeError(`${id} says no ${name}`);
}
