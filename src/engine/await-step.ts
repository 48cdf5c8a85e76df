import { compares } from "../core/compare.ts";
import { joinedIn } from "../core/history.ts";
import { own } from "../core/own.ts";
import type { Plan } from "../core/plan.ts";
import { type Probe, type Sample, sampleValue } from "../core/probe.ts";
import type { Step } from "../core/scenario.ts";
import { SteadyWatch } from "../core/steady-watch.ts";
import { StepNotReached } from "./step-not-reached.ts";
import { type Lookout, watching } from "./watching.ts";

/** What a step waits on. */
interface WaitStage extends Lookout {
  readonly plan: Plan;
  readonly probes: Readonly<Record<string, Probe>>;
}

/** Waits until a probe holds. Throws `StepNotReached` when the step's time is over. */
export async function awaitProbe(step: Extract<Step, { kind: "await-probe" }>, stage: WaitStage): Promise<void> {
  const { plan, probes, recorder } = stage;
  const probe = own(probes, step.probe);
  if (probe === undefined) throw new TypeError(`no probe ${step.probe} is registered`);
  const joined = joinedIn(recorder.history);
  const watch = new SteadyWatch({ probes: [probe], membership: plan, sinceMs: recorder.nowMs(), joined });
  const held = await watching(stage, {
    operations: [probe.operation],
    feed: (sample) => watch.feed(sample),
    holds: () => watch.holdsFromMs !== null,
    limitMs: step.limitMs,
  });
  if (!held) throw new StepNotReached(`the probe ${step.probe} did not hold within ${step.limitMs} ms`);
}

/** Waits until a value that this node answers is as it should be. Throws `StepNotReached` when the step's time is over. */
export async function awaitValue(
  step: Extract<Step, { kind: "await-value" }>,
  node: string,
  stage: WaitStage,
): Promise<void> {
  const sinceMs = stage.recorder.nowMs();
  let value: unknown;
  const feed = (sample: Sample): void => {
    if (sample.node === node && sample.probe === step.operation && sample.sentMs >= sinceMs) {
      value = sampleValue(sample, step.value);
    }
  };
  const held = await watching(stage, {
    operations: [step.operation],
    feed,
    holds: () => typeof value === "number" && compares(value, step.comparator, step.wanted),
    limitMs: step.limitMs,
  });
  const wanted = `${step.value} ${step.comparator} ${step.wanted}`;
  if (!held) throw new StepNotReached(`${node} (${step.on.text}) did not come to ${wanted} within ${step.limitMs} ms`);
}
