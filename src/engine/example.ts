import type { FaultSubjects } from "../core/fault.ts";
import type { Plan } from "../core/plan.ts";
import type { StepSubjects } from "../core/scenario.ts";
import type { Cast } from "../core/selection.ts";
import { drawCast, subjectsOf } from "./cast.ts";

/** Who would be hit if a certain node led: what a plan shows where subjects are symbolic. */
export interface Example {
  readonly leader: string;
  readonly cast: Cast;
  /** Why somebody would be missing, or null. */
  readonly problem: string | null;
  /** Whom a step would act on; nobody where that is not known. */
  readonly subjects: (on: StepSubjects) => FaultSubjects;
}

const nobody: FaultSubjects = { nodes: [], sides: [] };

/** Who would play which part, and whom each step would hit, if the first node led. */
export function exampleOf(plan: Omit<Plan, "digest">): Example {
  const [leader = ""] = plan.nodes;
  const drawn = drawCast(plan, leader);
  const cast = "problem" in drawn ? {} : drawn.cast;
  const { castingOrder: order, voters } = plan;
  const context = { order, all: plan.nodes.length, voters, leader, cast };
  const found = plan.timeline.flatMap((step) => {
    if (step.kind === "inject") return [subjectsOf(step.on, context)];
    if (step.kind !== "call" && step.kind !== "await-value") return [];
    return [subjectsOf({ kind: "nodes", selections: [step.on] }, context)];
  });
  const problems = [drawn, ...found].flatMap((one) => ("problem" in one ? [one.problem] : []));
  return {
    leader,
    cast,
    problem: problems[0] ?? null,
    subjects: (on) => {
      const subjects = subjectsOf(on, context);
      return "problem" in subjects ? nobody : subjects;
    },
  };
}
