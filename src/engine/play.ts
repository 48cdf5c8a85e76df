import type { Clock } from "../core/clock.ts";
import { compares } from "../core/compare.ts";
import type { Fault } from "../core/fault.ts";
import { signName } from "../core/fault.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { BatchResult, Keeper } from "../core/keeper-port.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import { type LatestSamples, type Probe, type Sample, sampleValue } from "../core/probe.ts";
import type { Step } from "../core/scenario.ts";
import { SteadyWatch } from "../core/steady-watch.ts";
import type { Target } from "../core/target.ts";
import { pause, until } from "../core/wait.ts";
import { type Cast, drawCast, namedLeader, subjectsOf } from "./cast.ts";
import type { Observer } from "./observer.ts";
import type { Recorder } from "./recorder.ts";
import { SignWatch } from "./signs.ts";
import type { Traffic } from "./traffic.ts";

/** How long a witness has to see a fault, in ms; what it has not seen by then it has not seen. */
const witnessLimitMs = 3000;
const callLimitMs = 2000;

/** What a timeline is played on. */
export interface Stage {
  readonly plan: Plan;
  readonly target: Target;
  readonly keeper: Keeper;
  readonly recorder: Recorder;
  readonly observer: Observer;
  readonly traffic: Traffic;
  readonly call: CallOperation;
  readonly clock: Clock;
  readonly faults: Readonly<Record<string, Fault>>;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly signal: AbortSignal;
  /** What each node answered last when it was asked who leads; goes on changing. */
  readonly leaders: LatestSamples;
  /** Told of every step before it is done, for whoever watches. */
  readonly onStep: (step: Step) => void;
}

/** A fault that was put in force, with its witness. */
export interface Played {
  readonly id: string;
  readonly signs: SignWatch;
}

/**
 * Plays the steps of a timeline one after another, and heals at the end what is still in force, newest first. A step that the system under
 * test does not come to ends the timeline, and is taken down: what was done until then is judged all the same.
 */
export async function play(stage: Stage): Promise<readonly Played[]> {
  const player = new Player(stage, await cast(stage));
  try {
    for (const step of stage.plan.timeline) {
      stage.onStep(step);
      await player.step(step);
    }
  } catch (thrown) {
    if (!(thrown instanceof StepNotReached)) throw thrown;
    stage.recorder.record({ type: "step.missed", reason: thrown.message });
  }
  stage.traffic.resume();
  await player.healRest();
  return player.played;
}

class Player {
  readonly played: Played[] = [];
  readonly #stage: Stage;
  readonly #cast: Cast;
  readonly #open: string[] = [];

  constructor(stage: Stage, chosen: Cast) {
    this.#stage = stage;
    this.#cast = chosen;
  }

  async step(step: Step): Promise<void> {
    const { traffic, signal } = this.#stage;
    switch (step.kind) {
      case "inject":
        return this.#inject(step);
      case "heal":
        return this.#heal(step.id);
      case "call":
        return this.#callOnce(step);
      case "hold":
        return pause(step.ms, signal);
      case "workload":
        return step.paused ? traffic.pause(signal) : traffic.resume();
      case "await-probe":
        return this.#awaitProbe(step);
      case "await-value":
        return this.#awaitValue(step);
    }
  }

  async healRest(): Promise<void> {
    for (const id of [...this.#open].reverse()) await this.#heal(id);
  }

  async #inject(step: Extract<Step, { kind: "inject" }>): Promise<void> {
    const { plan, faults, keeper, recorder, signal } = this.#stage;
    const fault = faults[step.fault];
    if (fault === undefined) throw new TypeError(`no fault ${step.fault} is registered`);
    const subjects = subjectsOf(step.on, this.#cast, plan.nodes);
    const { actions, signs } = fault.work(step.params, { id: step.id, subjects, allNodes: plan.nodes });
    recorder.record({
      type: "fault.resolved",
      fault: step.id,
      cast: this.#cast,
      actions: actions.map(({ id }) => id),
      signs: signs.map(signName),
    });
    this.#open.push(step.id);
    const result = await keeper.inject(step.id, actions);
    const startedMs = recorder.sinceStart(result.startedMs);
    const injectedMs = recorder.sinceStart(result.finishedMs);
    recorder.record({ type: "fault.injected", fault: step.id, ...counted(result), startedMs }, injectedMs);
    const watch = new SignWatch(signs, this.#stage.target.hooks, injectedMs);
    this.played.push({ id: step.id, signs: watch });
    await this.#witness(step, watch);
    if (step.forMs === null) return;
    await pause(injectedMs + step.forMs - recorder.nowMs(), signal);
    await this.#heal(step.id);
  }

  async #witness(step: Extract<Step, { kind: "inject" }>, watch: SignWatch): Promise<void> {
    const limitMs = Math.min(witnessLimitMs, step.forMs ?? witnessLimitMs);
    await this.#watching(watch.operations(), (sample) => watch.feed(sample), {
      holds: () => watch.seen().unseen.length === 0,
      limitMs,
    });
    this.#stage.recorder.record({ type: "fault.observed", fault: step.id, ...watch.seen(), during: "force" });
  }

  async #heal(id: string): Promise<void> {
    const { keeper, recorder } = this.#stage;
    const result = await keeper.heal(id);
    this.#open.splice(this.#open.indexOf(id), 1);
    const startedMs = recorder.sinceStart(result.startedMs);
    const healedMs = recorder.sinceStart(result.finishedMs);
    recorder.record({ type: "fault.healed", fault: id, ...counted(result), startedMs }, healedMs);
  }

  async #callOnce(step: Extract<Step, { kind: "call" }>): Promise<void> {
    const node = this.#cast[step.on] ?? step.on;
    const { call, signal } = this.#stage;
    const answer = await call({ node, operation: step.operation, arguments: {}, timeoutMs: callLimitMs, signal });
    if (answer.outcome !== "ok") {
      throw new StepNotReached(`${step.operation} on ${node} (${step.on}) failed: ${answer.error}`);
    }
  }

  async #awaitProbe(step: Extract<Step, { kind: "await-probe" }>): Promise<void> {
    const { plan, probes, recorder } = this.#stage;
    const probe = probes[step.probe];
    if (probe === undefined) throw new TypeError(`no probe ${step.probe} is registered`);
    const watch = new SteadyWatch([probe], plan.nodes, recorder.nowMs());
    const held = await this.#watching([probe.operation], (sample) => watch.feed(sample), {
      holds: () => watch.holdsFromMs !== null,
      limitMs: step.limitMs,
    });
    if (!held) throw new StepNotReached(`the probe ${step.probe} did not hold within ${step.limitMs} ms`);
  }

  async #awaitValue(step: Extract<Step, { kind: "await-value" }>): Promise<void> {
    const node = this.#cast[step.on] ?? step.on;
    const sinceMs = this.#stage.recorder.nowMs();
    let value: unknown;
    const feed = (sample: Sample): void => {
      if (sample.node === node && sample.probe === step.operation && sample.sentMs >= sinceMs) {
        value = sampleValue(sample, step.value);
      }
    };
    const held = await this.#watching([step.operation], feed, {
      holds: () => typeof value === "number" && compares(value, step.comparator, step.wanted),
      limitMs: step.limitMs,
    });
    const wanted = `${step.value} ${step.comparator} ${step.wanted}`;
    if (!held) throw new StepNotReached(`${node} (${step.on}) did not come to ${wanted} within ${step.limitMs} ms`);
  }

  /** Has these operations sampled and fed until the condition holds or its time is over; says whether it held. */
  async #watching(
    operations: readonly string[],
    feed: (sample: Sample) => void,
    condition: { readonly holds: () => boolean; readonly limitMs: number },
  ): Promise<boolean> {
    const { observer, recorder, clock, signal } = this.#stage;
    const ends = operations.map((operation) => observer.also(operation));
    ends.push(recorder.listen((event) => void (event.type === "probe.sampled" && feed(event))));
    try {
      return await until(condition.holds, { clock, signal, limitMs: condition.limitMs, everyMs: 5 });
    } finally {
      for (const end of ends) end();
    }
  }
}

/** Draws the cast from what the nodes say now; at once where they name a leader, as they do in a steady state. */
async function cast({ plan, leaders, clock, signal }: Stage): Promise<Cast> {
  let drawn: Cast | null = null;
  const isDrawn = (): boolean => {
    if (leaders.size === plan.nodes.length) drawn = drawCast(plan, namedLeader(leaders));
    return drawn !== null;
  };
  await until(isDrawn, { clock, signal, limitMs: plan.steadyState.limitMs });
  if (drawn !== null) return drawn;
  throw new HarnessError("no leader was named by the nodes when the faults were to begin", {
    code: "no-leader",
    exit: "inconclusive",
    next: "look at the nodes' logs in the run's folder",
  });
}

/** The system under test did not come to what a step waits for. */
class StepNotReached extends Error {}

function counted({ actions, inForce, problems }: BatchResult): Pick<BatchResult, "actions" | "inForce" | "problems"> {
  return { actions, inForce, problems };
}
