import type { AbortCondition } from "./abort-condition.ts";
import type { Capability } from "./capability.ts";
import type { JsonObject } from "./json.ts";
import type { ScenarioSource, SourceLines } from "./scenario-source.ts";
import type { Selection } from "./selection.ts";

/** The five classes of spec'd contract files (`reports/chaos_<class>.json`). */
export const chaosClasses = [
  "network_partition",
  "resource_exhaustion",
  "cascading_failure",
  "leader_election_failure",
  "data_corruption",
] as const;
export type ChaosClass = (typeof chaosClasses)[number];

export const profileNames = ["quick", "full"] as const;
export type ProfileName = (typeof profileNames)[number];

/** Sizes and times of one profile. Durations shrink with it, limits never do. */
export interface Profile {
  readonly nodes: number;
  /** How many of them are started outside of the swarm, to join by a step. */
  readonly joiners: number;
  /** Traffic before the first fault, in ms: what "before" is compared with. */
  readonly warmUpMs: number;
  /** Traffic after recovery, in ms. */
  readonly coolDownMs: number;
}

/** Whom a step acts on; everyone only by that word, never by leaving it out. A node on no side is a bridge. */
export type StepSubjects =
  | { readonly kind: "nodes"; readonly selections: readonly Selection[] }
  | { readonly kind: "sides"; readonly sides: readonly (readonly Selection[])[] };

/** A comparison, as in `failover.time < 5s`. */
export const comparators = ["<", "<=", "==", ">=", ">"] as const;
export type Comparator = (typeof comparators)[number];

/** One step of a timeline; steps run one after another. Times are ms. */
export type Step =
  | {
      readonly kind: "inject";
      readonly id: string;
      readonly fault: string;
      readonly params: JsonObject;
      readonly on: StepSubjects;
      /** How long it is held before it is healed, or null: until a later `heal`, at the latest the end of the timeline. */
      readonly forMs: number | null;
      /** Whether the next step waits until a witness has seen it. Where steps have times (`at`), they do not wait for each other. */
      readonly isAwaited: boolean;
    }
  | {
      /** Waits until so long after the timeline's start. */
      readonly kind: "until";
      readonly ms: number;
    }
  | { readonly kind: "heal"; readonly id: string }
  | { readonly kind: "call"; readonly operation: string; readonly on: Selection }
  | { readonly kind: "hold"; readonly ms: number }
  | { readonly kind: "workload"; readonly paused: boolean }
  | {
      /** Lets agents join, and waits until they are connected; one that is not within the limit is not waited for any longer. */
      readonly kind: "join";
      readonly count: number;
      readonly limitMs: number;
    }
  | { readonly kind: "await-probe"; readonly probe: string; readonly limitMs: number }
  | {
      readonly kind: "await-value";
      readonly operation: string;
      readonly on: Selection;
      readonly value: string;
      readonly comparator: Comparator;
      readonly wanted: number;
      readonly limitMs: number;
    };

/** One way in which a scenario plays out; each run plays one. */
export interface Variant {
  readonly name: string;
  readonly title: string;
  /** Parts in the order in which they are drawn: label to who plays it, no node twice. */
  readonly cast: Readonly<Record<string, Selection>>;
  readonly timeline: readonly Step[];
  readonly checks: readonly string[];
  readonly expectations: readonly Expectation[];
  /** Where it stands in the scenario's file. */
  readonly source: SourceLines;
}

/** What must hold, with the number in the measure's base unit (ms, a share from 0 to 1, or a count). */
export interface Expectation {
  /** As the author wrote it. */
  readonly text: string;
  readonly measure: string;
  readonly comparator: Comparator;
  readonly limit: number;
}

/** Clients of a workload, in a closed loop (each rests for `thinkMs` after an answer), or by a rate: operations are due at their times. */
export interface WorkloadSettings {
  readonly name: string;
  readonly clientsPerNode: number;
  readonly roamingClients: number;
  readonly keys: number;
  readonly thinkMs: number;
  /** Operations a second, all clients together, or null: as fast as answers and `thinkMs` allow. */
  readonly ratePerSecond: number | null;
  /** After this an operation may or may not have happened, in ms. */
  readonly timeoutMs: number;
  /** Shares of the operations; they add up to 1. */
  readonly mix: { readonly read: number; readonly write: number; readonly cas: number };
}

/**
 * Edits of shared documents, made only while a fault is in force: before and after it they rest, so that agreement can be told from digests.
 * Half of them go to the same fields from different nodes, so that there is something to be resolved.
 */
export interface EditSettings {
  readonly documents: number;
  /** Edits a second, all nodes together. */
  readonly ratePerSecond: number;
  /** After this an edit may or may not have been made, in ms. */
  readonly timeoutMs: number;
}

/** Blocks that are put and read all the time beside the traffic: what was acknowledged must be read back whole, whatever happens meanwhile. */
export interface BlockSettings {
  /** Puts and reads a second, all nodes together; each second one is a read. */
  readonly ratePerSecond: number;
  readonly sizeBytes: number;
  /** After this a put may or may not have been made, in ms. */
  readonly timeoutMs: number;
}

/** Tasks that take memory and time, given to nodes only while a fault is in force: work that a node under pressure should put off. */
export interface TaskSettings {
  /** Who is given tasks. */
  readonly on: Selection;
  /** Tasks a second, all these nodes together. */
  readonly ratePerSecond: number;
  readonly memoryBytes: number;
  /** How long a task holds its memory, in ms. */
  readonly durationMs: number;
  readonly timeoutMs: number;
}

/** When the system counts as steady: all these probes hold, and go on holding for `holdMs`; waited for at most `limitMs`. */
export interface SteadyState {
  readonly probes: readonly string[];
  readonly holdMs: number;
  readonly limitMs: number;
}

/** A parameter of a scenario: what it is now, and who said so. */
export interface Parameter {
  readonly value: string | number | boolean;
  readonly default: string | number | boolean;
  readonly from: "default" | "profile" | "config" | "environment" | "set";
  readonly description: string;
  /** The variable of the environment that changes it, or null. */
  readonly variable: string | null;
}

/** What may not be exceeded: no profile and no flag loosens them but `--timeout`, for the run. */
export interface Limits {
  /** Longest time for which one fault may be in force, in ms. */
  readonly faultMs: number;
  /** Longest time that a run may take, in ms. */
  readonly runMs: number;
  /** Largest share (0 to 1) of the nodes that one fault may hit. */
  readonly nodesShare: number;
}

/** Validated intent, for one profile: unknown keys are rejected, durations are ms, parameters are filled in, every name in it exists. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** A paragraph for whoever chooses one, or empty. */
  readonly description: string;
  readonly class: ChaosClass;
  /** Words by which scenarios are chosen; they change nothing of what is run. */
  readonly tags: readonly string[];
  readonly profile: ProfileName;
  readonly sizes: Profile;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What the target must offer beyond what the steps show. */
  readonly needs: { readonly operations: readonly string[]; readonly capabilities: readonly Capability[] };
  readonly steadyState: SteadyState;
  /** The fault comes at a random moment of this length after the warm-up, in ms: a period of the system's own timers. */
  readonly phaseMs: number;
  readonly workload: WorkloadSettings;
  readonly edits: EditSettings | null;
  readonly blocks: BlockSettings | null;
  readonly tasks: TaskSettings | null;
  readonly variants: readonly Variant[];
  /** What ends the faults at once and fails the run. */
  readonly abort: readonly AbortCondition[];
  readonly limits: Limits;
  /** How long recovery is waited for after the last fault is gone, in ms. */
  readonly recoveryLimitMs: number;
  /** Where it was read from, for messages. */
  readonly file: string;
  /** The same file as others are told of it. */
  readonly source: ScenarioSource;
}
