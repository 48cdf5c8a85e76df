import type { Link } from "./action.ts";
import { digest } from "./json.ts";
import type { AbortCondition } from "./abort-condition.ts";
import type {
  BlockSettings,
  ChaosClass,
  EditSettings,
  Expectation,
  Limits,
  Parameter,
  Profile,
  ProfileName,
  Scenario,
  SteadyState,
  Step,
  TaskSettings,
  WorkloadSettings,
} from "./scenario.ts";
import type { PlanSource } from "./scenario-source.ts";
import type { Selection } from "./selection.ts";

/**
 * What one run will do: plain JSON, enough to run it, and enough to measure and check its history without the scenario or target file.
 * Subjects that depend on who leads stay symbolic; everything else is drawn from the seed.
 */
export interface Plan {
  readonly version: 1;
  readonly scenario: { readonly name: string; readonly title: string; readonly class: ChaosClass };
  readonly variant: { readonly name: string; readonly title: string };
  readonly target: { readonly name: string; readonly defect: string | null };
  readonly profile: ProfileName;
  readonly sizes: Profile;
  /** The scenario's parameters as they are in this run. */
  readonly parameters: Readonly<Record<string, Parameter["value"]>>;
  readonly seed: string;
  /** Place in the series: `repetition` of `repetitions`, from 1. */
  readonly repetition: number;
  readonly repetitions: number;
  readonly seriesSeed: string;
  readonly nodes: readonly string[];
  /** The nodes that vote in the consensus: all, where the target has no agents. */
  readonly voters: readonly string[];
  /** Agents that are started outside of the swarm, in the order in which steps let them join. */
  readonly joiners: readonly string[];
  readonly links: readonly Link[];
  readonly cast: Readonly<Record<string, Selection>>;
  /** Order in which nodes are tried for the cast and for every selection, drawn from the seed. */
  readonly castingOrder: readonly string[];
  /** When the first step begins, in ms after the warm-up: drawn from the seed. */
  readonly phaseMs: number;
  readonly timeline: readonly Step[];
  readonly steadyState: SteadyState;
  readonly workload: WorkloadSettings;
  /** Edits of documents while a fault is in force, or null: none are made. */
  readonly edits: EditSettings | null;
  /** Blocks that are put and read beside the traffic, or null: none are. */
  readonly blocks: BlockSettings | null;
  /** Tasks that are given to nodes while a fault is in force, or null: none are. */
  readonly tasks: TaskSettings | null;
  /** Services of the target and those that depend on each, as its file says; empty where it says none. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  readonly checks: readonly string[];
  readonly expectations: readonly Expectation[];
  readonly abort: readonly AbortCondition[];
  readonly limits: Limits;
  /** What the scenario asks of the target beyond what its steps show. */
  readonly needs: Scenario["needs"];
  readonly recoveryLimitMs: number;
  /** Where the scenario stands that it was made from: for whoever reads a report. */
  readonly source: PlanSource;
  /** SHA-256 of the plan without this field, its source and its place in the series. */
  readonly digest: string;
}

/** The digest of a plan: what is done, whatever its place in a series, and wherever the scenario's lines stand. */
export function planDigest(plan: Omit<Plan, "digest">): string {
  const { repetition: _place, repetitions: _of, seriesSeed: _series, source: _source, ...rest } = plan;
  return digest(rest);
}

/** What the timeline itself takes, in ms: what its steps say, and at most, with the limits of its waits. */
export function timelineMs(timeline: readonly Step[]): { readonly declaredMs: number; readonly atMostMs: number } {
  let declaredMs = 0;
  let waitsMs = 0;
  for (const step of timeline) {
    if (step.kind === "inject") declaredMs += step.forMs ?? 0;
    if (step.kind === "hold") declaredMs += step.ms;
    if (step.kind === "until") declaredMs = Math.max(declaredMs, step.ms);
    if (step.kind === "await-probe" || step.kind === "await-value" || step.kind === "join") waitsMs += step.limitMs;
  }
  return { declaredMs, atMostMs: declaredMs + waitsMs };
}
