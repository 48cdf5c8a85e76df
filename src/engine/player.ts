import { type Clock, wallMs } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import { type FaultSubjects, signName } from "../core/fault.ts";
import type { BatchResult, Keeper } from "../core/keeper-port.ts";
import { machineCores } from "../core/machine-cores.ts";
import { own } from "../core/own.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import type { LatestSamples, Probe } from "../core/probe.ts";
import type { Step, StepSubjects } from "../core/scenario.ts";
import type { Cast, Selection } from "../core/selection.ts";
import type { Target } from "../core/target.ts";
import { pause } from "../core/wait.ts";
import { awaitProbe, awaitValue } from "./await-step.ts";
import { namedLeader, subjectsOf } from "./cast.ts";
import { letJoin } from "./let-join.ts";
import { notHealed, notInjected } from "./not-carried-out.ts";
import type { Observer } from "./observer.ts";
import type { Recorder } from "./recorder.ts";
import { SignWatch, silenceOf, visible } from "./signs.ts";
import { alterations } from "./alterations.ts";
import { StepNotReached } from "./step-not-reached.ts";
import type { Traffic } from "./traffic.ts";
import { watching } from "./watching.ts";

/** How long a witness has to see a fault, in ms, beyond the time after which silence tells; what it has not seen by then it has not seen. */
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
  /** What each node answered last when it was asked for its peers; goes on changing. */
  readonly peers: LatestSamples;
  /** Told of every step before it is done, for whoever watches. */
  readonly onStep: (step: Step) => void;
}

/** A fault that was put in force, with its witness. */
export interface Played {
  readonly id: string;
  readonly signs: SignWatch;
}

/** A fault in force, and how long its signs may take to show beyond others', in ms. */
interface Witnessed {
  readonly step: Extract<Step, { kind: "inject" }>;
  readonly watch: SignWatch;
  readonly shownWithinMs: number;
}

/** Plays steps one after another. */
export class Player {
  readonly played: Played[] = [];
  readonly #stage: Stage;
  readonly #cast: Cast;
  readonly #open: string[] = [];
  /** Witnesses that are still looking, by fault. */
  readonly #looking = new Map<string, { readonly done: Promise<void>; readonly stop: AbortController }>();
  #signal: AbortSignal;

  constructor(stage: Stage, chosen: Cast) {
    this.#stage = stage;
    this.#cast = chosen;
    this.#signal = stage.signal;
  }

  /** Every step, until the signal aborts; its reason is thrown. */
  async playAll(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const { recorder, plan, onStep } = this.#stage;
    const startMs = recorder.nowMs();
    for (const step of plan.timeline) {
      if (step.kind === "until") await pause(startMs + step.ms - recorder.nowMs(), signal);
      else {
        onStep(step);
        await this.#step(step);
      }
    }
  }

  async healRest(): Promise<void> {
    this.#signal = this.#stage.signal;
    for (const id of [...this.#open].reverse()) await this.#heal(id);
  }

  async #step(step: Exclude<Step, { kind: "until" }>): Promise<void> {
    const { traffic } = this.#stage;
    switch (step.kind) {
      case "inject":
        return this.#inject(step);
      case "heal":
        return this.#heal(step.id);
      case "call":
        return this.#callOnce(step);
      case "hold":
        return pause(step.ms, this.#signal);
      case "join":
        return letJoin(step, { ...this.#stage, signal: this.#signal });
      case "workload":
        return step.paused ? traffic.pause(this.#signal) : traffic.resume();
      case "await-probe":
        return awaitProbe(step, { ...this.#stage, signal: this.#signal });
      case "await-value":
        return awaitValue(step, this.#one(step.on), { ...this.#stage, signal: this.#signal });
    }
  }

  async #inject(step: Extract<Step, { kind: "inject" }>): Promise<void> {
    const { plan, faults, keeper, recorder } = this.#stage;
    const fault = own(faults, step.fault);
    if (fault === undefined) throw new TypeError(`no fault ${step.fault} is registered`);
    const subjects = this.#subjects(step.on);
    const { target } = this.#stage;
    const {
      actions,
      signs: all,
      shownWithinMs = 0,
    } = fault.work(step.params, {
      id: step.id,
      subjects,
      links: plan.links,
      order: plan.castingOrder,
      seed: plan.seed,
      files: target.files,
      cores: machineCores(),
    });
    const signs = visible(all, this.#stage.peers);
    recorder.record({
      type: "fault.resolved",
      fault: step.id,
      cast: { ...this.#cast, ...saidSubjects(step.on, subjects) },
      actions: actions.map(({ id }) => id),
      signs: signs.map(signName),
    });
    this.#open.push(step.id);
    const result = await keeper.inject(step.id, actions);
    const startedMs = recorder.sinceStart(result.startedMs);
    const injectedMs = recorder.sinceStart(result.finishedMs);
    recorder.record({ type: "fault.injected", fault: step.id, ...counted(result), startedMs }, injectedMs);
    if (result.inForce < result.actions && result.problems.length > 0) throw notInjected(step.id, result);
    for (const altered of alterations(actions, result.captured)) recorder.record({ ...altered, fault: step.id });
    const offered = Object.keys(target.operations);
    const silentAfterMs = silenceOf(target, plan);
    const watch = new SignWatch({ signs, hooks: target.hooks, offered, wallMs, sinceMs: injectedMs, silentAfterMs });
    watch.countFrom(recorder.history, startedMs);
    this.played.push({ id: step.id, signs: watch });
    const stop = new AbortController();
    const done = this.#witness({ step, watch, shownWithinMs }, stop.signal);
    // Told where it is awaited; a run that is broken off does not come to it.
    done.catch(() => undefined);
    this.#looking.set(step.id, { done, stop });
    if (step.isAwaited) await done;
    if (step.forMs === null) return;
    await pause(injectedMs + step.forMs - recorder.nowMs(), this.#signal);
    await this.#heal(step.id);
  }

  /** Looks for the signs of a fault, and takes down which were seen; also when the timeline is ended meanwhile. */
  async #witness({ step, watch, shownWithinMs }: Witnessed, stop: AbortSignal): Promise<void> {
    const lookout = { ...this.#stage, signal: AbortSignal.any([this.#signal, stop]) };
    const limitMs = witnessLimitMs + watch.silenceMs + shownWithinMs;
    const looked = watching(lookout, {
      operations: watch.operations(),
      feed: (sample) => watch.feed(sample),
      holds: () => watch.allSeen(),
      limitMs: Math.min(limitMs, step.forMs ?? limitMs),
    });
    await looked.catch((thrown: unknown) => {
      if (!(thrown instanceof StepNotReached)) throw thrown;
    });
    this.#stage.recorder.record({ type: "fault.observed", fault: step.id, ...watch.seen(), during: "force" });
  }

  async #heal(id: string): Promise<void> {
    const { keeper, recorder } = this.#stage;
    // What is healed is no longer there to be seen: its witness ends first, and does not hold up the healing.
    const looking = this.#looking.get(id);
    looking?.stop.abort(new StepNotReached("it is healed"));
    await looking?.done;
    const result = await keeper.heal(id);
    this.#open.splice(this.#open.indexOf(id), 1);
    const startedMs = recorder.sinceStart(result.startedMs);
    const healedMs = recorder.sinceStart(result.finishedMs);
    const altered = result.altered > 0 ? { altered: result.altered } : {};
    recorder.record({ type: "fault.healed", fault: id, ...counted(result), startedMs, ...altered }, healedMs);
    if (result.inForce > 0) throw notHealed(id, result);
  }

  async #callOnce(step: Extract<Step, { kind: "call" }>): Promise<void> {
    const node = this.#one(step.on);
    const signal = this.#signal;
    const asked = { node, operation: step.operation, arguments: {}, timeoutMs: callLimitMs, signal };
    const answer = await this.#stage.call(asked);
    if (answer.outcome !== "ok") {
      throw new StepNotReached(`${step.operation} on ${node} (${step.on.text}) failed: ${answer.error}`);
    }
  }

  #one(selection: Selection): string {
    return this.#subjects({ kind: "nodes", selections: [selection] }).nodes[0] ?? "";
  }

  /** Whom a step acts on, by who leads now. */
  #subjects(on: StepSubjects): FaultSubjects {
    const { plan, leaders } = this.#stage;
    const { castingOrder: order, voters } = plan;
    const leader = namedLeader(leaders);
    const subjects = subjectsOf(on, { order, all: plan.nodes.length, voters, leader, cast: this.#cast });
    if ("problem" in subjects) throw new StepNotReached(subjects.problem);
    return subjects;
  }
}

/** Whom the words of a step meant, where they say more than parts of the cast. */
function saidSubjects(on: StepSubjects, { nodes, sides }: FaultSubjects): Cast {
  if (on.kind === "nodes") return { [on.selections.map(({ text }) => text).join(", ")]: nodes };
  return Object.fromEntries(
    on.sides.map((side, index) => [side.map(({ text }) => text).join(" + "), sides[index] ?? []]),
  );
}

function counted({ actions, inForce, problems }: BatchResult): Pick<BatchResult, "actions" | "inForce" | "problems"> {
  return { actions, inForce, problems };
}
