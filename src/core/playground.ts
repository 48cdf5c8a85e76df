import type { NodeAddress } from "./keeper-port.ts";
import type { JsonObject } from "./json.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** A swarm that was started to play with: it runs until it is taken down, or its holder dies. */
export interface Playground {
  readonly id: string;
  readonly holder: ProcessIdentity;
  /** Path of the Unix socket on which the holder answers. */
  readonly socket: string;
  /** Absolute path of its folder: the nodes' logs, and the journal. */
  readonly folder: string;
  readonly target: string;
  readonly defect: string | null;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly addresses: readonly NodeAddress[];
}

/** A fault that was put in force by hand. */
export interface FaultInForce {
  readonly id: string;
  readonly fault: string;
  readonly nodes: readonly string[];
  /** Groups that do not hear each other; empty where the fault has no sides. */
  readonly sides: readonly (readonly string[])[];
  /** RFC 3339. */
  readonly since: string;
  /** How long it is held, in ms, or null: until it is healed. */
  readonly forMs: number | null;
}

/** How a node does, as it says itself. */
export interface NodeStanding {
  readonly node: string;
  readonly isHealthy: boolean;
  /** Whom it takes for the leader, and in which term; null where it does not say. */
  readonly leader: string | null;
  readonly term: number | null;
}

/** What a playground is asked. */
export type PlaygroundRequest =
  | { readonly ask: "standing" }
  | {
      readonly ask: "inject";
      readonly fault: string;
      /** The name it gets, or null: its kind. */
      readonly as: string | null;
      readonly on: readonly string[];
      /** Groups that must not hear each other, for faults between groups; empty otherwise. */
      readonly sides: readonly (readonly string[])[];
      readonly params: JsonObject;
      readonly forMs: number | null;
      /** Largest share (0 to 1) of the nodes that it may hit. */
      readonly nodesShare: number;
    }
  /** A fault by its name, or all (null). */
  | { readonly ask: "heal"; readonly id: string | null }
  | { readonly ask: "down" };

/** What it answers. */
export type PlaygroundAnswer =
  | { readonly kind: "standing"; readonly nodes: readonly NodeStanding[]; readonly faults: readonly FaultInForce[] }
  | { readonly kind: "injected"; readonly fault: FaultInForce; readonly actions: number; readonly tookMs: number }
  | { readonly kind: "healed"; readonly faults: readonly string[] }
  | { readonly kind: "down"; readonly residue: readonly string[] }
  | {
      readonly kind: "refused";
      readonly message: string;
      readonly code: string;
      readonly exit: "usage" | "unavailable" | "residue" | "bug";
      readonly next: string;
    };
