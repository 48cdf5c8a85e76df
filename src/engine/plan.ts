import type { Capability } from "../core/capability.ts";
import type { Check } from "../core/check.ts";
import { type Fault, hitCount, type TargetNames } from "../core/fault.ts";
import { HarnessError } from "../core/harness-error.ts";
import { argumentProblems } from "../core/hook-arguments.ts";
import { own } from "../core/own.ts";
import { type Plan, planDigest } from "../core/plan.ts";
import type { Probe } from "../core/probe.ts";
import { randomStream, repetitionSeed } from "../core/random.ts";
import type { Scenario, Step, Variant } from "../core/scenario.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Hook, Target } from "../core/target.ts";
import { capabilitiesOf } from "../core/target-capabilities.ts";
import { sizeLimits, sizeOf } from "../core/target-nodes.ts";
import type { Workload } from "../core/workload.ts";
import { exampleOf } from "./example.ts";
import { placementOf } from "./placement.ts";

/** What a plan is made of besides scenario and target. */
export interface PlanChoices {
  readonly variant: string;
  readonly seriesSeed: string;
  readonly repetition: number;
  readonly repetitions: number;
  readonly defect: string | null;
  /** Overrides the profile's number of nodes; null leaves it. */
  readonly nodes: number | null;
  /** Overrides the longest time that a run may take (`--timeout`), in ms; null leaves it. */
  readonly runLimitMs: number | null;
  /** Largest share (0 to 1) of the nodes that any fault may hit; the scenario's own limit may be stricter. */
  readonly nodesShare: number;
}

/** The registries that names of a scenario stand for; the harness hands them in. */
export interface Registries {
  readonly faults: Readonly<Record<string, Fault>>;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly checks: Readonly<Record<string, Pick<Check, "samples">>>;
}

/** What letting a node join asks of the target: that it joins, whom it is connected to, and who is listed as a member. */
const joinOperations = ["join", "peers", "members"] as const;
/** What edits ask of the target: to make one, to read a document, and a replica's digest and open conflicts. */
const editOperations = ["edit", "document", "replica"] as const;

/** What blocks ask of the target: to put one and to read one. */
const blockOperations = ["put-block", "get-block"] as const;
/** What tasks ask of the target: to be taken. */
const taskOperations = ["task"] as const;

/** Makes the plan of one run. Pure: the same input gives the same plan. Throws `HarnessError` (exit 64) for a variant or size that is not there. */
export function makePlan(scenario: Scenario, target: Target, choices: PlanChoices): Plan {
  const variant = variantOf(scenario, choices.variant);
  const sizes = { ...scenario.sizes, nodes: sizeOf(target, choices.nodes, scenario.sizes.nodes).nodes };
  const seed = repetitionSeed(choices.seriesSeed, choices.repetition);
  checkSize(target, sizes.nodes);
  const placement = placementOf(target, { ...sizes, seed });
  const { nodes } = placement;
  const random = randomStream(seed, "plan");
  const plan: Omit<Plan, "digest"> = {
    version: 1,
    scenario: { name: scenario.name, title: scenario.title, class: scenario.class },
    variant: { name: variant.name, title: variant.title },
    target: { name: target.name, defect: choices.defect },
    profile: scenario.profile,
    sizes,
    parameters: Object.fromEntries(Object.entries(scenario.parameters).map(([name, { value }]) => [name, value])),
    seed,
    repetition: choices.repetition,
    repetitions: choices.repetitions,
    seriesSeed: choices.seriesSeed,
    ...placement,
    cast: variant.cast,
    castingOrder: random.shuffled(nodes),
    phaseMs: Math.round(random.fraction() * scenario.phaseMs),
    timeline: variant.timeline,
    steadyState: scenario.steadyState,
    workload: scenario.workload,
    edits: scenario.edits,
    blocks: scenario.blocks,
    tasks: scenario.tasks,
    services: target.services,
    checks: variant.checks,
    expectations: variant.expectations,
    abort: scenario.abort,
    limits: {
      ...scenario.limits,
      runMs: choices.runLimitMs ?? scenario.limits.runMs,
      nodesShare: Math.min(scenario.limits.nodesShare, choices.nodesShare),
    },
    needs: scenario.needs,
    recoveryLimitMs: scenario.recoveryLimitMs,
    source: { ...scenario.source, ...variant.source },
  };
  checkSubjects(plan, scenario);
  return { ...plan, digest: planDigest(plan) };
}

/** What a plan needs that the target does not have: names of operations, hooks and capabilities, empty if it can be run. */
export function missingFrom(target: Target, plan: Plan, registries: Registries): readonly string[] {
  const { operations, hooks, files, capabilities } = needs(plan, registries);
  const allowed = capabilitiesOf(target);
  return [
    ...[...operations]
      .filter((name) => own(target.operations, name) === undefined)
      .map((name) => `operation "${name}"`),
    ...hooks.flatMap(({ name, arguments: told }) => missingOfHook(name, { hook: own(target.hooks, name), told })),
    ...[...files].filter((name) => own(target.files, name) === undefined).map((name) => `files "${name}"`),
    ...[...capabilities].filter((name) => !allowed.includes(name)).map((name) => `capability "${name}"`),
  ];
}

/** Operations, hooks and capabilities that a plan uses. */
export function needs(
  plan: Plan,
  { faults, probes, workloads, checks }: Registries,
): {
  readonly operations: ReadonlySet<string>;
  readonly hooks: TargetNames["hooks"];
  readonly files: ReadonlySet<string>;
  readonly capabilities: ReadonlySet<Capability>;
} {
  const ofWorkload = (own(workloads, plan.workload.name)?.operations ?? []).filter((name) => isAskedFor(name, plan));
  const ofEdits = plan.edits === null ? [] : editOperations;
  const ofSide = [...(plan.blocks === null ? [] : blockOperations), ...(plan.tasks === null ? [] : taskOperations)];
  const sampled = plan.checks.flatMap((name) => own(checks, name)?.samples ?? []);
  const always = ["health", "leader"];
  const operations = new Set([...always, ...ofWorkload, ...ofEdits, ...ofSide, ...sampled, ...plan.needs.operations]);
  const named = namesIn(plan, faults);
  const capabilities = new Set([...plan.needs.capabilities, ...capabilitiesUsed(plan, faults)]);
  const probe = (name: string): unknown => operations.add(own(probes, name)?.operation ?? name);
  plan.steadyState.probes.forEach(probe);
  for (const condition of plan.abort) if ("probe" in condition) probe(condition.probe);
  for (const step of plan.timeline) {
    if (step.kind === "await-probe") probe(step.probe);
    if (step.kind === "await-value" || step.kind === "call") operations.add(step.operation);
    if (step.kind === "join") for (const name of joinOperations) operations.add(name);
    if (cutsLinks(step, faults)) operations.add("peers");
  }
  const files = new Set(named.flatMap((one) => one.files));
  return { operations, hooks: named.flatMap((one) => one.hooks), files, capabilities };
}

/** What the faults of a plan name of the target file. */
function namesIn({ timeline }: Plan, faults: Registries["faults"]): readonly TargetNames[] {
  return timeline.flatMap((step) => {
    const refersTo = step.kind === "inject" ? own(faults, step.fault)?.refersTo : undefined;
    return step.kind === "inject" && refersTo !== undefined ? [refersTo(step.params)] : [];
  });
}

/** That a hook is not there, or is told something else than it knows. */
function missingOfHook(
  name: string,
  { hook, told }: { readonly hook: Hook | undefined; readonly told: readonly string[] },
): readonly string[] {
  if (hook === undefined) return [`hook "${name}"`];
  return argumentProblems(hook, told).map((problem) => `hook "${name}" ${problem}`);
}

/** The capabilities that the faults of a plan's timeline use. */
export function capabilitiesUsed({ timeline }: Pick<Plan, "timeline">, faults: Registries["faults"]): Set<Capability> {
  const steps = timeline.filter((step) => step.kind === "inject");
  return new Set(steps.flatMap(({ fault, params }) => own(faults, fault)?.capabilities(params) ?? []));
}

/** Whether a step injects a fault of links: its witness is what the nodes say of their peers. */
export function cutsLinks(step: Step, faults: Registries["faults"]): boolean {
  if (step.kind !== "inject") return false;
  return (
    own(faults, step.fault)
      ?.capabilities(step.params)
      .some((name) => name.startsWith("link.")) ?? false
  );
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

/** An operation of which the mix has no share is not needed. */
function isAskedFor(operation: string, { workload: { mix } }: Plan): boolean {
  return operation !== "cas" || mix.cas > 0;
}

function checkSize(target: Target, nodes: number): void {
  const { minimum, maximum } = sizeLimits(target);
  if (nodes >= minimum && nodes <= maximum) return;
  throw wrongSize(`${nodes} nodes do not fit: target ${target.name} takes ${minimum} to ${maximum}`);
}

/** Every selection must mean somebody, and no fault more than it may, whoever leads: tried as if the first node led. */
function checkSubjects(plan: Omit<Plan, "digest">, { file, limits }: Scenario): void {
  const { problem } = exampleOf(plan);
  if (problem !== null) {
    const message = `variant ${plan.variant.name} does not fit ${plan.nodes.length} nodes: ${problem}`;
    throw new HarnessError(message, {
      code: "wrong-size",
      exit: "usage",
      next: `change --nodes, or whom it says in ${file}`,
    });
  }
  const most = Math.floor(plan.limits.nodesShare * plan.nodes.length);
  const isOurs = plan.limits.nodesShare === limits.nodesShare;
  for (const step of plan.timeline) {
    if (step.kind !== "inject") continue;
    const hit = hitCount(exampleOf(plan).subjects(step.on));
    if (hit <= most) continue;
    throw new HarnessError(
      `fault ${step.id} of variant ${plan.variant.name} hits ${hit} of ${plan.nodes.length} nodes; limits.nodes allows ${most}`,
      {
        code: "too-many-nodes",
        exit: "usage",
        next: `hit fewer nodes, or raise limits.nodes in ${isOurs ? file : "prism-chaos.config.yaml"}`,
      },
    );
  }
}

function wrongSize(message: string): HarnessError {
  return new HarnessError(message, { code: "wrong-size", exit: "usage", next: "change --nodes" });
}
