import type { Phase } from "../core/history-event.ts";
import { type Plan, timelineMs } from "../core/plan.ts";
import type { Target } from "../core/target.ts";

/** How long a phase may take before it ends or is given up, in ms; null where nothing is said. */
export function phaseLimitMs(
  phase: Phase,
  { plan, target }: { readonly plan: Plan; readonly target: Target },
): number | null {
  switch (phase) {
    case "starting":
      return target.nodes.readyLimitMs;
    case "steady-before":
      return plan.steadyState.limitMs;
    case "warm-up":
      return plan.sizes.warmUpMs + plan.phaseMs + plan.steadyState.limitMs;
    case "faults":
      return timelineMs(plan.timeline).atMostMs;
    case "recovery":
      return plan.recoveryLimitMs + plan.steadyState.holdMs;
    case "cool-down":
      return plan.sizes.coolDownMs;
    case "final-reads":
    case "closing":
      return null;
  }
}
