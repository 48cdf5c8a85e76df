import { action } from "../core/action.ts";
import { type Capability, capabilities as vocabulary } from "../core/capability.ts";
import { formatMs } from "../core/duration.ts";
import type { Fault } from "../core/fault.ts";
import { type Plan, timelineMs } from "../core/plan.ts";
import type { Step, StepSubjects } from "../core/scenario.ts";
import { stepText } from "./console.ts";

/** A plan with what its target lacks for it. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly missing: readonly string[];
  /** Targets that have everything which the plan needs. */
  readonly elsewhere: readonly string[];
  /** Why there are so many nodes. */
  readonly size: string;
  readonly capabilities: readonly Capability[];
}

/** What a run would do, for people: sizes, cast with an example, each step with its actions and their undo, the time it takes, what is missing. */
export function planText(planned: PlannedRun, faults: Readonly<Record<string, Fault>>): string {
  const { plan, missing, capabilities } = planned;
  const example = exampleCast(plan);
  const { declaredMs, atMostMs } = timelineMs(plan.timeline);
  const waits = atMostMs > declaredMs ? `, at most ${formatMs(atMostMs)} with its waits` : "";
  const cast = Object.entries(plan.cast).map(([label, role]) => `${label} = ${role} (as ${example[label]})`);
  return [
    `${plan.scenario.name} · ${plan.variant.name}: ${plan.variant.title}`,
    `  target     ${plan.target.name}, ${plan.nodes.length} nodes (${planned.size}), ${plan.links.length} directed links${plan.target.defect === null ? "" : `, defect ${plan.target.defect}`}`,
    `  profile    ${plan.profile}, seed ${plan.seed}, repetition ${plan.repetition} of ${plan.repetitions}, plan ${plan.digest.slice(0, 12)}`,
    `  cast       ${cast.join(", ")}${cast.length > 0 ? `, if ${example[Object.keys(plan.cast)[0] ?? ""]} leads` : ""}`,
    `  needs      ${capabilities.map((name) => `${name} (${vocabulary[name]})`).join("; ")}`,
    `  before     steady (${plan.steadyState.probes.join(", ")}), ${formatMs(plan.sizes.warmUpMs)} of traffic, then ${plan.phaseMs} ms drawn from the seed`,
    ...plan.timeline.flatMap((step, index) => stepLines({ step, index, plan, example }, faults)),
    `  after      whatever is still in force is healed; recovery is waited for up to ${formatMs(plan.recoveryLimitMs)}`,
    `  takes      ${formatMs(declaredMs)} of faults${waits}`,
    `  checks     ${[...plan.checks, ...plan.expectations.map(({ text }) => text)].join(", ")}`,
    missing.length === 0 ? "  missing    nothing" : `  MISSING    ${missing.join(", ")}; ${elsewhereText(planned)}`,
  ].join("\n");
}

function elsewhereText({ elsewhere }: PlannedRun): string {
  return elsewhere.length === 0 ? "no other target has it all" : `targets that have it all: ${elsewhere.join(", ")}`;
}

interface PlacedStep {
  readonly step: Step;
  readonly index: number;
  readonly plan: Plan;
  readonly example: Readonly<Record<string, string>>;
}

function stepLines(
  { step, index, plan, example }: PlacedStep,
  faults: Readonly<Record<string, Fault>>,
): readonly string[] {
  const line = `  ${String(index + 1).padStart(2)}.        ${stepText(step)}`;
  const fault = step.kind === "inject" ? faults[step.fault] : undefined;
  if (step.kind !== "inject" || fault === undefined) return [line];
  const nodes = playedBy(step.on, plan, example);
  const sides =
    step.on.kind === "sides" ? step.on.sides.map((side) => side.map((label) => example[label] ?? label)) : [];
  const { actions } = fault.work(step.params, { id: step.id, subjects: { nodes, sides }, allNodes: plan.nodes });
  const shown = actions.slice(0, 3).map((one) => `                 ${action(one).id}  undo: ${one.undo}`);
  const more = actions.length > 3 ? [`                 … ${actions.length} actions in all`] : [];
  return [line, ...shown, ...more];
}

function playedBy(on: StepSubjects, plan: Plan, example: Readonly<Record<string, string>>): readonly string[] {
  if (on.kind === "everyone") return plan.nodes;
  const labels = on.kind === "cast" ? on.labels : on.sides.flat();
  return labels.map((label) => example[label] ?? label);
}

/** Who would play which part if the first node led. */
function exampleCast(plan: Plan): Readonly<Record<string, string>> {
  const [leader = ""] = plan.nodes;
  const followers = plan.castingOrder.filter((node) => node !== leader);
  return Object.fromEntries(
    Object.entries(plan.cast).map(([label, role]) => [label, role === "leader" ? leader : (followers.shift() ?? "")]),
  );
}
