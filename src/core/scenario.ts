import type { JsonObject } from "./json.ts";

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
  /** Traffic before the first fault, in ms: what "before" is compared with. */
  readonly warmUpMs: number;
  /** Traffic after recovery, in ms. */
  readonly coolDownMs: number;
  /** Named durations that timeline steps refer to, in ms. */
  readonly durations: Readonly<Record<string, number>>;
}

/** Who plays a part in a variant. Roles stay symbolic in the plan and are resolved when the first step needs them. */
export const castRoles = ["leader", "follower"] as const;
export type CastRole = (typeof castRoles)[number];

/** Whom a step acts on: labels of the cast, or every node by that word (never by leaving it out). */
export type StepSubjects =
  | { readonly kind: "cast"; readonly labels: readonly string[] }
  | { readonly kind: "sides"; readonly sides: readonly (readonly string[])[] }
  | { readonly kind: "everyone" };

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
    }
  | { readonly kind: "heal"; readonly id: string }
  | { readonly kind: "call"; readonly operation: string; readonly on: string }
  | { readonly kind: "hold"; readonly ms: number }
  | { readonly kind: "workload"; readonly paused: boolean }
  | { readonly kind: "await-probe"; readonly probe: string; readonly limitMs: number }
  | {
      readonly kind: "await-value";
      readonly operation: string;
      readonly on: string;
      readonly value: string;
      readonly comparator: Comparator;
      readonly wanted: number;
      readonly limitMs: number;
    };

/** One way in which a scenario plays out; each run plays one. */
export interface Variant {
  readonly name: string;
  readonly title: string;
  /** Parts in the order in which they are drawn: label to role, no node twice. */
  readonly cast: Readonly<Record<string, CastRole>>;
  /** The steps of each profile: the same ones, with its durations. */
  readonly timelines: Readonly<Record<ProfileName, readonly Step[]>>;
  readonly expectations: readonly Expectation[];
}

/** What must hold, with the number in the measure's base unit (ms, or a share from 0 to 1). */
export interface Expectation {
  /** As the author wrote it. */
  readonly text: string;
  readonly measure: string;
  readonly comparator: Comparator;
  readonly limit: number;
}

/** Clients of a workload. Closed loop: each sends its next operation when the last is answered, after `thinkMs`. */
export interface WorkloadSettings {
  readonly name: string;
  readonly clientsPerNode: number;
  readonly roamingClients: number;
  readonly keys: number;
  readonly thinkMs: number;
  /** After this an operation may or may not have happened, in ms. */
  readonly timeoutMs: number;
  /** Shares of the operations; they add up to 1. */
  readonly mix: { readonly read: number; readonly write: number; readonly cas: number };
}

/** When the system counts as steady: all these probes hold, and go on holding for `holdMs`; waited for at most `limitMs`. */
export interface SteadyState {
  readonly probes: readonly string[];
  readonly holdMs: number;
  readonly limitMs: number;
}

/** Validated intent: unknown keys are rejected, durations are ms, every name in it exists. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly class: ChaosClass;
  readonly profiles: Readonly<Record<ProfileName, Profile>>;
  readonly steadyState: SteadyState;
  /** The fault comes at a random moment of this length after the warm-up, in ms: a period of the system's own timers. */
  readonly phaseMs: number;
  readonly workload: WorkloadSettings;
  readonly variants: readonly Variant[];
  readonly checks: readonly string[];
  /** How long recovery is waited for after the last fault is gone, in ms. */
  readonly recoveryLimitMs: number;
  /** Where it was read from, for messages. */
  readonly file: string;
}
