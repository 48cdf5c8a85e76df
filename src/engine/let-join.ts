import type { Clock } from "../core/clock.ts";
import { joinedIn } from "../core/history.ts";
import { JoinWatch } from "../core/joining.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import type { Step } from "../core/scenario.ts";
import type { Observer } from "./observer.ts";
import type { Recorder } from "./recorder.ts";
import { watching } from "./watching.ts";

const callLimitMs = 2000;

/** What a join is carried out on. */
interface JoinStage {
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly call: CallOperation;
  readonly signal: AbortSignal;
}

/**
 * Tells the next joiners of the plan to join, one after another, and waits until each is connected or its time is over: what was too late
 * is for the measure to say. One that cannot even be told is taken down with its error.
 */
export async function letJoin(step: Extract<Step, { kind: "join" }>, stage: JoinStage): Promise<void> {
  const { plan, recorder } = stage;
  const joined = joinedIn(recorder.history);
  for (const node of plan.joiners.slice(joined.length, joined.length + step.count)) {
    await joinOne(node, step.limitMs, stage);
  }
}

async function joinOne(node: string, limitMs: number, stage: JoinStage): Promise<void> {
  const { plan, recorder, call, signal } = stage;
  const before = new Set([...joinedIn(recorder.history), node]);
  const members = plan.nodes.filter((one) => before.has(one) || !plan.joiners.includes(one));
  const askedMs = recorder.nowMs();
  const watch = new JoinWatch({ node, askedMs, members });
  const answer = await call({ node, operation: "join", arguments: {}, timeoutMs: callLimitMs, signal });
  signal.throwIfAborted();
  const error = answer.outcome === "ok" ? null : answer.error;
  recorder.record({ type: "join.asked", node, error }, askedMs);
  if (error !== null) return;
  await watching(stage, {
    operations: ["peers", "members"],
    feed: (sample) => void watch.feed(sample),
    holds: () => watch.isConnected,
    limitMs,
  });
}
