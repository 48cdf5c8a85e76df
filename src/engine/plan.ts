import type { Link } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import type { Fault } from "../core/fault.ts";
import { HarnessError } from "../core/harness-error.ts";
import { type Plan, planDigest } from "../core/plan.ts";
import type { Probe } from "../core/probe.ts";
import { randomStream, repetitionSeed } from "../core/random.ts";
import type { Profile, ProfileName, Scenario, Step, Variant } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Target } from "../core/target.ts";
import { capabilitiesOf } from "../core/target-capabilities.ts";
import { nodeNames, sizeLimits, sizeOf } from "../core/target-nodes.ts";
import type { Workload } from "../core/workload.ts";

/** What a plan is made of besides scenario and target. */
export interface PlanChoices {
  readonly variant: string;
  readonly profile: ProfileName;
  readonly seriesSeed: string;
  readonly repetition: number;
  readonly repetitions: number;
  readonly defect: string | null;
  /** Overrides the profile's number of nodes; null leaves it. */
  readonly nodes: number | null;
  /** Overrides how long faults last (`CHAOS_DURATION`), in ms; null leaves it. */
  readonly faultMs: number | null;
}

/** The registries that names of a scenario stand for; the harness hands them in. */
export interface Registries {
  readonly faults: Readonly<Record<string, Fault>>;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly workloads: Readonly<Record<string, Workload>>;
}

/** Makes the plan of one run. Pure: the same input gives the same plan. Throws `HarnessError` (exit 64) for a variant or size that is not there. */
export function makePlan(scenario: Scenario, target: Target, choices: PlanChoices): Plan {
  const variant = variantOf(scenario, choices.variant);
  const sizes = sized(scenario.profiles[choices.profile], target, choices);
  const seed = repetitionSeed(choices.seriesSeed, choices.repetition);
  checkSize(target, variant, sizes.nodes);
  const nodes = nodeNames(target, sizes.nodes);
  const random = randomStream(seed, "plan");
  const plan: Omit<Plan, "digest"> = {
    version: 1,
    scenario: { name: scenario.name, title: scenario.title, class: scenario.class },
    variant: { name: variant.name, title: variant.title },
    target: { name: target.name, defect: choices.defect },
    profile: choices.profile,
    sizes,
    seed,
    repetition: choices.repetition,
    repetitions: choices.repetitions,
    seriesSeed: choices.seriesSeed,
    nodes,
    links: target.links === null ? [] : linksBetween(nodes),
    cast: variant.cast,
    castingOrder: random.shuffled(nodes),
    phaseMs: Math.round(random.fraction() * scenario.phaseMs),
    timeline: lasting(variant.timelines[choices.profile], choices.faultMs),
    steadyState: scenario.steadyState,
    workload: scenario.workload,
    checks: scenario.checks,
    expectations: variant.expectations,
    recoveryLimitMs: scenario.recoveryLimitMs,
  };
  return { ...plan, digest: planDigest(plan) };
}

/** What a plan needs that the target does not have: names of operations, hooks and capabilities, empty if it can be run. */
export function missingFrom(target: Target, plan: Plan, registries: Registries): readonly string[] {
  const { operations, hooks, capabilities } = needs(plan, registries);
  const allowed = capabilitiesOf(target);
  return [
    ...[...operations].filter((name) => target.operations[name] === undefined).map((name) => `operation "${name}"`),
    ...[...hooks].filter((name) => target.hooks[name] === undefined).map((name) => `hook "${name}"`),
    ...[...capabilities].filter((name) => !allowed.includes(name)).map((name) => `capability "${name}"`),
  ];
}

/** Operations, hooks and capabilities that a plan uses. */
export function needs(
  plan: Plan,
  { faults, probes, workloads }: Registries,
): {
  readonly operations: ReadonlySet<string>;
  readonly hooks: ReadonlySet<string>;
  readonly capabilities: ReadonlySet<Capability>;
} {
  const operations = new Set(["health", "leader", ...(workloads[plan.workload.name]?.operations ?? [])]);
  const hooks = new Set<string>();
  const capabilities = new Set<Capability>();
  const probe = (name: string): unknown => operations.add(probes[name]?.operation ?? name);
  plan.steadyState.probes.forEach(probe);
  for (const step of plan.timeline) {
    if (step.kind === "await-probe") probe(step.probe);
    if (step.kind === "await-value" || step.kind === "call") operations.add(step.operation);
    if (step.kind !== "inject") continue;
    for (const capability of faults[step.fault]?.capabilities(step.params) ?? []) capabilities.add(capability);
    if (cutsLinks(step, faults)) operations.add("peers");
    const hook = step.params["hook"];
    if (step.fault === "hook" && typeof hook === "string") hooks.add(hook);
  }
  return { operations, hooks, capabilities };
}

/** Whether a step injects a fault of links: its witness is what the nodes say of their peers. */
export function cutsLinks(step: Step, faults: Registries["faults"]): boolean {
  if (step.kind !== "inject") return false;
  return faults[step.fault]?.capabilities(step.params).some((name) => name.startsWith("link.")) ?? false;
}

/** Every directed link between these nodes. */
function linksBetween(nodes: readonly string[]): readonly Link[] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })));
}

function variantOf(scenario: Scenario, name: string): Variant {
  const found = scenario.variants.find((variant) => variant.name === name);
  if (found !== undefined) return found;
  const known = scenario.variants.map((variant) => variant.name);
  throw new HarnessError(`${scenario.name} has no variant "${name}"${didYouMean(name, known)}`, {
    code: "no-such-variant",
    exit: "usage",
    next: `prism-chaos plan ${scenario.name}`,
  });
}

function sized(profile: Profile, target: Target, { nodes, faultMs }: PlanChoices): Profile {
  return {
    ...profile,
    nodes: sizeOf(target, nodes, profile.nodes).nodes,
    durations: faultMs === null ? profile.durations : mapValues(profile.durations, () => faultMs),
  };
}

/** `CHAOS_DURATION` sets how long faults last: every time for which a fault is held. Waits and limits stay. */
function lasting(timeline: readonly Step[], faultMs: number | null): readonly Step[] {
  if (faultMs === null) return timeline;
  return timeline.map((step) => {
    if (step.kind === "inject" && step.forMs !== null) return { ...step, forMs: faultMs };
    return step.kind === "hold" ? { ...step, ms: faultMs } : step;
  });
}

function checkSize(target: Target, variant: Variant, nodes: number): void {
  const { minimum, maximum } = sizeLimits(target);
  const parts = Object.keys(variant.cast).length;
  const least = Math.max(minimum, parts);
  if (nodes >= least && nodes <= maximum) return;
  throw new HarnessError(
    `${nodes} nodes do not fit: variant ${variant.name} on target ${target.name} takes ${least} to ${maximum}`,
    { code: "wrong-size", exit: "usage", next: "change --nodes" },
  );
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
