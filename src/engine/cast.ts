import type { Plan } from "../core/plan.ts";
import { type LatestSamples, type Sample, sampleValue } from "../core/probe.ts";
import type { StepSubjects } from "../core/scenario.ts";

/** Who plays which part: label to node. */
export type Cast = Readonly<Record<string, string>>;

/** Draws the cast when the first step needs it: the leader that the nodes name now, followers in the order drawn at plan. Null: nobody leads. */
export function drawCast(plan: Plan, leaderNow: string | null): Cast | null {
  if (leaderNow === null) return null;
  const followers = plan.castingOrder.filter((node) => node !== leaderNow);
  const cast: Record<string, string> = {};
  for (const [label, role] of Object.entries(plan.cast)) {
    const node = role === "leader" ? leaderNow : followers.shift();
    if (node === undefined) return null;
    cast[label] = node;
  }
  return cast;
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

/** The nodes that a step acts on, now that the cast is known. */
export function subjectsOf(
  on: StepSubjects,
  cast: Cast,
  nodes: readonly string[],
): { readonly nodes: readonly string[]; readonly sides: readonly (readonly string[])[] } {
  const played = (labels: readonly string[]): readonly string[] => labels.map((label) => cast[label] ?? label);
  switch (on.kind) {
    case "everyone":
      return { nodes, sides: [] };
    case "cast":
      return { nodes: played(on.labels), sides: [] };
    case "sides":
      return { nodes: played(on.sides.flat()), sides: on.sides.map(played) };
  }
}

function termOf(sample: Sample): number {
  const term = sampleValue(sample, "term");
  return typeof term === "number" ? term : -1;
}
