import { type History, joinedIn } from "../core/history.ts";
import { JoinWatch } from "../core/joining.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Step } from "../core/scenario.ts";
import type { Observer } from "./observer.ts";
import { type SteadyStage, steadyUnderTraffic } from "./steady.ts";
import { watching } from "./watching.ts";

const callLimitMs = 2000;

/** What a join is carried out on. */
interface JoinStage extends SteadyStage {
  readonly observer: Observer;
  readonly call: CallOperation;
}

/**
 * Tells the next joiners of the plan to join, one after another, and waits until each is connected or its time is over: what was too late
 * is for the measure to say. One that cannot even be told is taken down with its error. Before the first fault it waits for the steady state too.
 */
export async function letJoin(step: Extract<Step, { kind: "join" }>, stage: JoinStage): Promise<void> {
  const { plan, recorder } = stage;
  const joined = joinedIn(recorder.history);
  for (const node of plan.joiners.slice(joined.length, joined.length + step.count)) {
    await joinOne(node, step.limitMs, stage);
  }
  // What comes next comes into a system that is steady with them.
  if (!isFaulted(recorder.history)) await steadyUnderTraffic(stage, () => Promise.resolve());
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

function isFaulted(history: History): boolean {
  return !history.eventsOf("fault.injected")[Symbol.iterator]().next().done;
}
