import { action, type Action, linkName } from "../core/action.ts";
import type { Fault } from "../core/fault.ts";
import { machineCores } from "../core/machine-cores.ts";
import { own } from "../core/own.ts";
import type { Plan } from "../core/plan.ts";
import type { Target } from "../core/target.ts";
import { exampleOf } from "./example.ts";

/** What one step does to links, if the first node leads. */
interface LinkStep {
  readonly id: string;
  readonly actions: readonly Action[];
  /** Steps whose faults are in force when this one's comes. */
  readonly beside: readonly LinkStep[];
}

/** What a plan asks of the proxy of the links. */
export interface LinkWork {
  /** Faults that would be on one link at the same time as a stall, in words. */
  readonly besideStalls: readonly string[];
  /** Whether a delay goes up and down. */
  readonly hasJitter: boolean;
}

/** What a plan would do to links; subjects that depend on who leads as if the first node did. */
export function linkWork(
  plan: Plan,
  { faults, files }: { readonly faults: Readonly<Record<string, Fault>>; readonly files: Target["files"] },
): LinkWork {
  const steps = linkSteps(plan, faults, files);
  return {
    besideStalls: steps.flatMap(besideStall),
    hasJitter: steps.some(({ actions }) => actions.some(({ params }) => Number(params["jitterMs"] ?? 0) > 0)),
  };
}

function linkSteps(plan: Plan, faults: Readonly<Record<string, Fault>>, files: Target["files"]): readonly LinkStep[] {
  const example = exampleOf(plan);
  const open = new Map<string, LinkStep>();
  return plan.timeline.flatMap((step): readonly LinkStep[] => {
    if (step.kind === "heal") open.delete(step.id);
    const fault = step.kind === "inject" ? own(faults, step.fault) : undefined;
    if (step.kind !== "inject" || fault === undefined) return [];
    const { id, params } = step;
    if (!fault.capabilities(params).some((capability) => capability.startsWith("link."))) return [];
    const { actions } = fault.work(params, {
      id,
      subjects: example.subjects(step.on),
      links: plan.links,
      order: plan.castingOrder,
      seed: plan.seed,
      files,
      cores: machineCores(),
    });
    const work: LinkStep = { id, actions: actions.map((one) => action(one)), beside: [...open.values()] };
    // One that has a time is healed before the next step comes.
    if (step.forMs === null) open.set(id, work);
    return [work];
  });
}

function besideStall({ id, actions, beside }: LinkStep): readonly string[] {
  return beside.flatMap((other) => {
    const there = new Map(other.actions.filter(isToxic).map((one) => [subject(one), one]));
    const both = actions.filter(isToxic).find((one) => {
      const already = there.get(subject(one));
      return already !== undefined && (isStall(already) || isStall(one));
    });
    return both === undefined ? [] : [`${other.id} and ${id} on ${subject(both)}`];
  });
}

/** A link that is refused is closed, which is no toxic. */
function isToxic({ capability }: Action): boolean {
  return capability.startsWith("link.") && capability !== "link.refuse";
}

function isStall({ capability }: Action): boolean {
  return capability === "link.stall";
}

function subject({ subject: on }: Action): string {
  return on.kind === "link" ? linkName(on.link) : on.node;
}
