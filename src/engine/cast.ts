import type { FaultSubjects } from "../core/fault.ts";
import type { Plan } from "../core/plan.ts";
import { type LatestSamples, type Sample, sampleValue } from "../core/probe.ts";
import type { StepSubjects } from "../core/scenario.ts";
import { type Cast, resolveSelection, type Selection, type SelectionContext } from "../core/selection.ts";

/** What could be drawn, or why not. */
type Drawn<T> = T | { readonly problem: string };

/** Draws the cast when the first step needs it: who leads now, others in the order drawn at plan, nobody twice. */
export function drawCast(
  plan: Pick<Plan, "cast" | "castingOrder" | "voters">,
  leader: string | null,
): Drawn<{ readonly cast: Cast }> {
  const cast: Record<string, readonly string[]> = {};
  for (const [label, selection] of Object.entries(plan.cast)) {
    const taken = Object.values(cast).flat();
    const free = namesSomebody(selection)
      ? plan.castingOrder
      : plan.castingOrder.filter((node) => !taken.includes(node));
    const { castingOrder, voters } = plan;
    const context = { order: free, all: castingOrder.length, voters, leader, cast, taken };
    const found = resolveSelection(selection, context);
    if ("problem" in found) return { problem: `part "${label}": ${found.problem}` };
    const twice = found.nodes.find((node) => taken.includes(node));
    if (twice !== undefined) return { problem: `part "${label}": ${twice} plays another part already` };
    cast[label] = found.nodes;
  }
  return { cast };
}

/** The leader that the most nodes name in the latest term, or null. */
export function namedLeader(latest: LatestSamples): string | null {
  const votes = new Map<string, number>();
  const term = Math.max(-1, ...[...latest.values()].map(termOf));
  for (const sample of latest.values()) {
    const leader = sampleValue(sample, "leader");
    if (typeof leader === "string" && termOf(sample) === term) votes.set(leader, (votes.get(leader) ?? 0) + 1);
  }
  return [...votes].sort((left, right) => right[1] - left[1])[0]?.[0] ?? null;
}

/** The nodes that a step acts on now. */
export function subjectsOf(on: StepSubjects, context: Omit<SelectionContext, "taken">): Drawn<FaultSubjects> {
  const sides: (readonly string[])[] = [];
  const groups = on.kind === "sides" ? on.sides : [on.selections];
  for (const selections of groups) {
    const side = new Set<string>();
    for (const selection of selections) {
      const found = resolveSelection(selection, { ...context, taken: [...sides.flat(), ...side] });
      if ("problem" in found) return found;
      for (const node of found.nodes) side.add(node);
    }
    const both = sides.flat().find((node) => side.has(node));
    if (both !== undefined) return { problem: `${both} is on two sides` };
    sides.push([...side]);
  }
  return { nodes: sides.flat(), sides: on.kind === "sides" ? sides : [] };
}

/** Whether a selection names nodes, and does not draw them. */
function namesSomebody({ pool }: Selection): boolean {
  return pool.kind === "members";
}

function termOf(sample: Sample): number {
  const term = sampleValue(sample, "term");
  return typeof term === "number" ? term : -1;
}
