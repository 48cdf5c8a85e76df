import type { Step } from "../core/scenario.ts";

/** For each fault, the number of its step in the file and for how long it may be in force, in ms: with every wait until it is healed. */
export function untilHealed(
  steps: readonly Step[],
  origin: readonly number[],
): readonly { readonly index: number; readonly inForceMs: number }[] {
  return steps.flatMap((step, at) => {
    if (step.kind !== "inject") return [];
    const index = origin[at] ?? at;
    if (step.forMs !== null) return [{ index, inForceMs: step.forMs }];
    const healed = steps.findIndex((later, place) => place > at && later.kind === "heal" && later.id === step.id);
    const between = steps.slice(at + 1, healed === -1 ? undefined : healed);
    const started = steps.slice(0, at).findLast((earlier) => earlier.kind === "until")?.ms ?? 0;
    const ends = between.findLast((later) => later.kind === "until")?.ms ?? null;
    const waits = between.reduce((sum, later) => sum + waitMs(later), 0);
    return [{ index, inForceMs: ends === null ? waits : ends - started }];
  });
}

function waitMs(step: Step): number {
  switch (step.kind) {
    case "hold":
      return step.ms;
    case "inject":
      return step.forMs ?? 0;
    case "await-probe":
    case "await-value":
    case "join":
      return step.limitMs;
    case "heal":
    case "call":
    case "workload":
    case "until":
      return 0;
  }
}
