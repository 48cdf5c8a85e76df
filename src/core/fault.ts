import type { Action, Link } from "./action.ts";
import type { Capability } from "./capability.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Comparator } from "./scenario.ts";
import type { NodeFiles } from "./target.ts";

/**
 * What a value of a node's own report must be. Compared is a number, or the length of a list; a value that is null compares with nothing.
 * `isGrowth`: of a count that never goes down, by how much it grew since the fault (after healing: since the answer before).
 */
export type Reported =
  | { readonly value: string; readonly comparator: Comparator; readonly limit: number; readonly isGrowth?: boolean }
  | { readonly value: string; readonly equals: Json };

/**
 * What a fault must look like from outside while it is in force, so that a witness which shares no process and no connection with the
 * driver can see it, in what nodes themselves answer.
 */
export type Sign =
  | { readonly sign: "unreachable"; readonly node: string }
  | { readonly sign: "unheard"; readonly link: Link }
  | { readonly sign: "hook"; readonly hook: string; readonly node: string; readonly arguments: JsonObject }
  /** The receiving node's latest round trip to the sender (`rttMs` beside `peers`) takes so long, in ms. */
  | { readonly sign: "slow"; readonly link: Link; readonly atLeastMs: number }
  /** The node's `uptimeMs` (of `health`) says that it began after the fault. */
  | { readonly sign: "restarted"; readonly node: string }
  /** The node's `timeMs` (of `metrics`) is off the harness's wall clock by half of this at least, in ms. */
  | { readonly sign: "skewed"; readonly node: string; readonly offsetMs: number }
  /** A report of the node's own: any of `force` holds while the fault is in force, any of `gone` afterwards. */
  | ReportSign;

/** What a node reports of itself while a fault is in force. */
export interface ReportSign {
  readonly sign: "reports";
  readonly node: string;
  /** What it says then, in words, after the node's name. */
  readonly text: string;
  /** The operation of the target by which it says so. */
  readonly operation: string;
  /** The first that held tells: a report may show one fault in several ways. */
  readonly force: readonly Reported[];
  /** Without it: the one of `force` that told holds no more. */
  readonly gone?: readonly Reported[];
  /** It can show only while the node knows one of these as a peer; without it, always. */
  readonly peers?: readonly string[];
}

/** The name of a sign, for messages and events. */
export function signName(sign: Sign): string {
  switch (sign.sign) {
    case "unreachable":
      return `${sign.node} unreachable`;
    case "unheard":
      return `${sign.link.to} hears nothing of ${sign.link.from}`;
    case "hook":
      return `${sign.node} reports ${sign.hook}${argumentsText(sign.arguments)}`;
    case "slow":
      return `${sign.link.to} takes ${sign.atLeastMs} ms or more to hear ${sign.link.from}`;
    case "restarted":
      return `${sign.node} was started again`;
    case "skewed":
      return `${sign.node} has a clock that is ${sign.offsetMs} ms off`;
    case "reports":
      return `${sign.node} ${sign.text}`;
  }
}

function argumentsText(args: JsonObject): string {
  const told = Object.entries(args).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return told.length === 0 ? "" : ` (${told.join(", ")})`;
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
  /** Every node, in an order drawn from the seed. */
  readonly order: readonly string[];
  /** What draws are made from, each in a stream of its own, named by an action's id. */
  readonly seed: string;
  /** How many cores this machine gives its processes. */
  readonly cores: number;
  /** The files of a node's data that the target names, and how a node reports what it found of them. */
  readonly files: Readonly<Record<string, NodeFiles>>;
}

/** A fault worked out: what to do, and how an independent witness tells that it holds. */
export interface FaultEffect {
  readonly actions: readonly Action[];
  readonly signs: readonly Sign[];
  /** So much longer than other faults it may take until its signs show, in ms; 0 unless said. */
  readonly shownWithinMs?: number;
}

/** Names of the target file that a fault's parameters say. */
export interface TargetNames {
  /** Hooks, with the names of what each is told. */
  readonly hooks: readonly { readonly name: string; readonly arguments: readonly string[] }[];
  /** Files of nodes' data. */
  readonly files: readonly string[];
}

/** A kind of fault. `check` turns the parameters of a scenario file into problems (none: valid); `work` is pure and throws on parameters that `check` refuses. */
export interface Fault {
  readonly name: string;
  readonly summary: string;
  /** Whom it is put on: nodes (`on`), groups that must not hear each other (`sides`), or the one or the other. */
  readonly takes: "nodes" | "sides" | "either";
  /** JSON Schema 2020-12 of its parameters. */
  readonly schema: object;
  readonly check: (params: JsonObject) => readonly string[];
  readonly capabilities: (params: JsonObject) => readonly Capability[];
  /** What it names of the target file; nothing where it is left out. */
  readonly refersTo?: (params: JsonObject) => TargetNames;
  readonly work: (params: JsonObject, input: FaultInput) => FaultEffect;
}
