import type { Action, Link } from "./action.ts";
import type { Capability } from "./capability.ts";
import type { JsonObject } from "./json.ts";

/**
 * What a fault must look like from outside while it is in force, so that a witness which shares no process and no connection with the
 * driver can see it: a node that answers nobody, a node that hears nothing of another, or a hook's own report.
 */
export type Sign =
  | { readonly sign: "unreachable"; readonly node: string }
  | { readonly sign: "unheard"; readonly link: Link }
  | { readonly sign: "hook"; readonly hook: string; readonly node: string };

/** The name of a sign, for messages and events. */
export function signName(sign: Sign): string {
  switch (sign.sign) {
    case "unreachable":
      return `${sign.node} unreachable`;
    case "unheard":
      return `${sign.link.to} hears nothing of ${sign.link.from}`;
    case "hook":
      return `${sign.node} reports ${sign.hook}`;
  }
}

/** Nodes as a timeline step names them, after the cast is known: a list for most faults, groups where sides matter. */
export interface FaultSubjects {
  readonly nodes: readonly string[];
  /** Groups that must not hear each other; a node in none is a bridge. Empty where the fault has no sides. */
  readonly sides: readonly (readonly string[])[];
}

/** How many nodes a fault hits: of sides, all that are not on the largest, because that one goes on. */
export function hitCount({ nodes, sides }: FaultSubjects): number {
  return nodes.length - Math.max(0, ...sides.map((side) => side.length));
}

/** What a fault is worked out from. Nothing in it is live: the same input gives the same actions. */
export interface FaultInput {
  /** The name of this fault in the timeline, unique among its steps. */
  readonly id: string;
  readonly subjects: FaultSubjects;
  /** Every directed link that there is between nodes. */
  readonly links: readonly Link[];
}

/** A fault worked out: what to do, and how an independent witness tells that it holds. */
export interface FaultEffect {
  readonly actions: readonly Action[];
  readonly signs: readonly Sign[];
}

/** A kind of fault. `check` turns the parameters of a scenario file into problems (none: valid); `work` is pure and throws on parameters that `check` refuses. */
export interface Fault {
  readonly name: string;
  readonly summary: string;
  /** Whom it is put on: nodes (`on`), or groups that must not hear each other (`sides`). */
  readonly takes: "nodes" | "sides";
  /** JSON Schema 2020-12 of its parameters. */
  readonly schema: object;
  readonly check: (params: JsonObject) => readonly string[];
  readonly capabilities: (params: JsonObject) => readonly Capability[];
  readonly work: (params: JsonObject, input: FaultInput) => FaultEffect;
}
