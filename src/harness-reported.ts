import { basename } from "node:path";
import type { Outcome } from "./command.ts";
import type { Plan } from "./core/plan.ts";
import type { RunOutcome } from "./core/run-outcome.ts";
import type { ReportedRun } from "./reporters/reported.ts";

/** What came of a command, and the runs that it is about. */
export interface RunsOutcome extends Outcome {
  readonly runs: readonly ReportedRun[];
}

/** What came of a series' plans, for whoever tells of it: those that were never begun are told as well. */
export function reportedRuns(outcomes: readonly RunOutcome[], plans: readonly Plan[]): readonly ReportedRun[] {
  const notBegun = plans.slice(outcomes.length).map((plan): ReportedRun => {
    const reproduce = `prism-chaos run ${plan.scenario.name} --variant ${plan.variant.name}`;
    const told = { run: "", reason: "the command ended before it", reproduce };
    return { kind: "unjudged", how: "not begun", ...placeOf(plan), ...told };
  });
  return [...outcomes.map(reportedRun), ...notBegun];
}

function reportedRun(outcome: RunOutcome): ReportedRun {
  if (outcome.kind === "judged") return { kind: "judged", report: outcome.report, residue: outcome.residue };
  const { plan, folder, thrown, reproduce } = outcome;
  const told = { run: basename(folder), reason: thrown.message, reproduce };
  return { kind: "unjudged", how: "broken off", ...placeOf(plan), ...told };
}

function placeOf({ scenario, variant, repetition, source }: Plan) {
  const place = { scenario: scenario.name, variant: variant.name, repetition };
  return { ...place, source, series: "", startedAt: null } as const;
}
