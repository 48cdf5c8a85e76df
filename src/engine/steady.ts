import type { Clock } from "../core/clock.ts";
import type { HistoryEvent } from "../core/history-event.ts";
import { joinedIn } from "../core/history.ts";
import { own } from "../core/own.ts";
import type { Plan } from "../core/plan.ts";
import type { Probe } from "../core/probe.ts";
import { SteadyWatch } from "../core/steady-watch.ts";
import { until } from "../core/wait.ts";
import type { Recorder } from "./recorder.ts";

/** For so long the steady state must have held under traffic when the first fault comes, in ms: a little more than its check asks for. */
const steadyUnderTrafficMs = 600;

/** So many blocks each node has taken when the first fault comes: with fewer, a fault of its files may find none that no other node is to keep. */
const blocksBeforeFaults = 4;

/** What the steady state is watched on. */
export interface SteadyStage {
  readonly plan: Plan;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The probes that the steady state names. */
export function steadyProbes(plan: Plan, probes: Readonly<Record<string, Probe>>): readonly Probe[] {
  return plan.steadyState.probes.flatMap((name) => own(probes, name) ?? []);
}

/** Watches the steady state from now on. */
export function steadyWatch({ plan, probes, recorder }: SteadyStage): SteadyWatch {
  const joined = joinedIn(recorder.history);
  return new SteadyWatch({ probes: steadyProbes(plan, probes), membership: plan, sinceMs: recorder.nowMs(), joined });
}

/**
 * Waits until the steady state has held under traffic for a while, since a fault that comes into a moment in which the system was not steady shows
 * nothing; and until each node has taken some blocks, where the plan puts any. If that never comes it goes on all the same, and the checks say so.
 * Runs `meanwhile` first, while it is watched already.
 */
export async function steadyUnderTraffic(stage: SteadyStage, meanwhile: () => Promise<void>): Promise<void> {
  const { plan, recorder, clock, signal } = stage;
  const watch = steadyWatch(stage);
  const blocks = blocksWatch(plan);
  const end = recorder.listen((event) => {
    watch.hear(event);
    blocks.hear(event);
  });
  const hasHeld = (): boolean =>
    watch.holdsFromMs !== null && recorder.nowMs() - watch.holdsFromMs >= steadyUnderTrafficMs;
  try {
    await meanwhile();
    await until(() => hasHeld() && blocks.areEverywhere(), { clock, signal, limitMs: plan.steadyState.limitMs });
  } finally {
    end();
  }
}

/** Counts the blocks that each node has taken, of those that are in the swarm from the start. */
function blocksWatch({ blocks, nodes, joiners }: Plan): { hear(event: HistoryEvent): void; areEverywhere(): boolean } {
  const missing = new Map<string, number>();
  if (blocks !== null) {
    for (const node of nodes) if (!joiners.includes(node)) missing.set(node, blocksBeforeFaults);
  }
  return {
    hear(event) {
      if (event.type !== "block.ended" || event.kind !== "put" || event.outcome !== "ok") return;
      const left = (missing.get(event.node) ?? 0) - 1;
      if (left > 0) missing.set(event.node, left);
      else missing.delete(event.node);
    },
    areEverywhere: () => missing.size === 0,
  };
}
