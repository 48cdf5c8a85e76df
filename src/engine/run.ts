import { join, resolve } from "node:path";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { History } from "../core/history.ts";
import type { Phase } from "../core/history-event.ts";
import type { Keeper, NodeAddress } from "../core/keeper-port.ts";
import type { LinkProxyServer } from "../core/link-proxy.ts";
import { own } from "../core/own.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import type { Progress } from "../core/progress.ts";
import type { Probe, Sample } from "../core/probe.ts";
import type { Step } from "../core/scenario.ts";
import type { Target } from "../core/target.ts";
import { pause, until } from "../core/wait.ts";
import type { SideClients, Workload } from "../core/workload.ts";
import { type Asking, Observer } from "./observer.ts";
import { phaseLimitMs } from "./phase-limit.ts";
import { capabilitiesUsed, cutsLinks } from "./plan.ts";
import { play } from "./play.ts";
import type { Played, Stage } from "./player.ts";
import { Pulse } from "./pulse.ts";
import { Recorder } from "./recorder.ts";
import { steadyProbes, steadyUnderTraffic, steadyWatch } from "./steady.ts";
import { Traffic, type UptimeClients } from "./traffic.ts";

/** What one run works with; the harness hands it in. */
export interface RunParts {
  readonly plan: Plan;
  readonly target: Target;
  /** Absolute path of the run's folder; it exists. */
  readonly folder: string;
  readonly runId: string;
  readonly proxy: LinkProxyServer;
  readonly keeper: Keeper;
  readonly clock: Clock;
  /** The target's operations on nodes at these addresses, and the end of its connections. */
  readonly connect: (
    addresses: readonly NodeAddress[],
  ) => Asking & { readonly call: CallOperation; close(): Promise<void> };
  readonly workload: Workload;
  readonly uptime: UptimeClients;
  readonly side: SideClients;
  /** Operations that are asked of every node now and then, because a check rests on them. */
  readonly seldomAsked: readonly string[];
  /** Tells of nodes that end although nobody ended them, from then on. */
  readonly onNodeEnd: (listener: (exit: { readonly node: string; readonly how: string }) => void) => void;
  readonly faults: Readonly<Record<string, Fault>>;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly onProgress: (progress: Progress) => void;
}

/** What a run leaves besides its files. */
export interface RunResult {
  readonly history: History;
  /** What could not be healed or disposed of; empty is clean. */
  readonly residue: readonly string[];
}

/** The history's file name in a run's folder. */
export const historyFileName = "history.ndjson";

/**
 * Runs a plan: start, steady state, traffic, faults, recovery, final reads, end. Whatever happens, the keeper is asked to heal and dispose,
 * and the history is on disk. Throws `HarnessError` (exit 69, 11) when it cannot go on, and the signal's reason when it aborts.
 */
export async function run(parts: RunParts, signal: AbortSignal): Promise<RunResult> {
  const recorder = new Recorder(parts.clock, join(parts.folder, historyFileName));
  const enter = (phase: Phase): void => {
    recorder.enter(phase);
    parts.onProgress({ kind: "phase", phase, atMs: recorder.nowMs(), limitMs: phaseLimitMs(phase, parts) });
  };
  const pulse = new Pulse(recorder, (beat) => parts.onProgress({ kind: "pulse", ...beat }));
  try {
    recorder.listen((event) => {
      if (event.type !== "fault.injected" && event.type !== "fault.healed") return;
      parts.onProgress({ kind: "fault", fault: event.fault, actions: event.inForce });
    });
    parts.onNodeEnd(({ node, how }) => recorder.record({ type: "node.ended", node, how }));
    const lost = AbortSignal.any([signal, keeperLost(parts.keeper)]);
    enter("starting");
    await phases({ ...parts, recorder, enter, signal: lost });
  } catch (thrown) {
    // A keeper that is gone cannot close; what it left is healed from its journal by whoever started it.
    const closed = await parts.keeper.close().catch(() => null);
    if (closed !== null && closed.residue.length > 0) throw residueLeft(closed.residue, thrown);
    throw thrown;
  } finally {
    pulse.end();
    recorder.close();
  }
  return { history: recorder.history, residue: (await parts.keeper.close()).residue };
}

interface Running extends RunParts {
  readonly recorder: Recorder;
  readonly enter: (phase: Phase) => void;
  readonly signal: AbortSignal;
}

async function phases(running: Running): Promise<void> {
  const { plan, recorder, clock, enter, signal } = running;
  const addresses = await opened(running);
  const connection = running.connect(addresses);
  const { call } = connection;
  const observer = new Observer({ ...connection, recorder, clock, ...plan });
  const traffic = new Traffic({
    plan,
    recorder,
    clock,
    call,
    workload: running.workload,
    uptime: running.uptime,
    side: running.side,
    target: running.target,
  });
  for (const operation of observedOperations(running)) observer.also(operation);
  for (const operation of running.seldomAsked) observer.also(operation, "seldom");
  observer.start();
  try {
    await steadyBefore(running);
    enter("warm-up");
    traffic.start();
    const latest = await warmUp(running);
    enter("faults");
    const onStep = (step: Step): void => running.onProgress({ kind: "step", step, atMs: recorder.nowMs() });
    const played = await play({ ...running, observer, traffic, call, onStep, ...latest });
    enter("recovery");
    await traffic.rest();
    for (const operation of played.flatMap(({ signs }) => signs.operations())) observer.also(operation);
    await recovery(played, running);
    enter("cool-down");
    await pause(plan.sizes.coolDownMs, signal);
    await traffic.stop();
    enter("final-reads");
    await traffic.finalReads(signal);
    enter("closing");
  } catch (thrown) {
    await traffic.abandon();
    throw thrown;
  } finally {
    await observer.stop();
    await connection.close();
  }
}

/** The nodes, started for all that the plan will do to them. */
function opened({ plan, keeper, faults, target, runId, folder, proxy }: Running): Promise<readonly NodeAddress[]> {
  const prepare = [...capabilitiesUsed(plan, faults)];
  return keeper.open({ runId, folder, plan, prepare, targetFile: resolve(target.file), proxy });
}

/** Waits for the nodes, then for the steady state. A system that is not steady before cannot be tested: exit 11. */
async function steadyBefore(running: Running): Promise<void> {
  const { plan, target, recorder, clock, enter, signal } = running;
  const answered = new Set<string>();
  const watch = steadyWatch(running);
  const end = recorder.listen((event) => {
    if (event.type === "probe.sampled" && event.probe === "health" && event.error === null) answered.add(event.node);
    watch.hear(event);
  });
  try {
    const limitMs = target.nodes.readyLimitMs;
    const allReady = await until(() => answered.size === plan.nodes.length, { clock, signal, limitMs });
    const silent = plan.nodes.filter((node) => !answered.has(node));
    if (!allReady) throw notReady(`${silent.join(", ")} gave no healthy answer within ${limitMs} ms`, "unavailable");
    enter("steady-before");
    const bounds = { clock, signal, limitMs: plan.steadyState.limitMs };
    const isSteady = await until(() => watch.holdsFromMs !== null, bounds);
    if (!isSteady) throw notReady(`no steady state before the fault: ${watch.brokenText()}`, "inconclusive");
  } finally {
    end();
  }
}

/**
 * Traffic for the time that the plan says, and on until the system is steady under it. Gives what the nodes say of the leader and of their peers,
 * as it goes on, so that the first fault can follow at once.
 */
async function warmUp(running: Running): Promise<Pick<Stage, "leaders" | "peers">> {
  const { plan, recorder, signal } = running;
  const leaders = new Map<string, Sample>();
  const peers = new Map<string, Sample>();
  recorder.listen((event) => {
    if (event.type !== "probe.sampled") return;
    if (event.probe === "leader") leaders.set(event.node, event);
    if (event.probe === "peers") peers.set(event.node, event);
  });
  await steadyUnderTraffic(running, () => pause(plan.sizes.warmUpMs + plan.phaseMs, signal));
  return { leaders, peers };
}

/** Waits until the steady state is back and has held, or the limit is over; then takes down which signs of the faults are still there. */
async function recovery(played: readonly Played[], running: Running): Promise<void> {
  const { plan, recorder, clock, signal } = running;
  const watch = steadyWatch(running);
  for (const { signs } of played) signs.beginHealed(recorder.nowMs());
  const end = recorder.listen((event) => {
    watch.hear(event);
    for (const { signs } of played) if (event.type === "probe.sampled") signs.feed(event);
  });
  const hasHeld = (): boolean =>
    watch.holdsFromMs !== null && recorder.nowMs() - watch.holdsFromMs >= plan.steadyState.holdMs;
  await until(hasHeld, { clock, signal, limitMs: plan.recoveryLimitMs + plan.steadyState.holdMs });
  const lookLimitMs = 6000; // Some signs tell of the last two seconds, and a busy machine has stalls of its own.
  await until(() => played.every(({ signs }) => signs.allGone()), { clock, signal, limitMs: lookLimitMs });
  end();
  for (const { id, signs } of played) {
    recorder.record({ type: "fault.observed", fault: id, ...signs.seen(), during: "healing" });
  }
}

function observedOperations({ plan, probes, target, faults }: Running): readonly string[] {
  const hooks = plan.timeline.flatMap((step) => {
    const hook = step.kind === "inject" ? step.params["hook"] : undefined;
    return typeof hook === "string"
      ? [own(target.hooks, hook)?.shows?.operation ?? own(target.hooks, hook)?.read ?? ""]
      : [];
  });
  const steady = steadyProbes(plan, probes).map(({ operation }) => operation);
  const watched = plan.abort.flatMap((one) => ("probe" in one ? (own(probes, one.probe)?.operation ?? []) : []));
  const peers = plan.timeline.some((step) => cutsLinks(step, faults)) ? ["peers"] : [];
  return [...new Set(["health", "leader", ...peers, ...steady, ...watched, ...hooks])];
}

/** Aborts when the keeper is gone. */
function keeperLost(keeper: Keeper): AbortSignal {
  const controller = new AbortController();
  keeper.lost.catch((thrown: unknown) => controller.abort(thrown));
  return controller.signal;
}

/** What could not be healed outranks what stopped the run. */
function residueLeft(residue: readonly string[], cause: unknown): HarnessError {
  return new HarnessError(`the run was broken off, and this could not be healed: ${residue.join("; ")}`, {
    code: "residue",
    exit: "residue",
    next: "prism-chaos heal",
    cause,
  });
}

function notReady(message: string, exit: "unavailable" | "inconclusive"): HarnessError {
  return new HarnessError(message, {
    code: exit === "unavailable" ? "not-ready" : "not-steady",
    exit,
    next: "look at the nodes' logs in the run's folder",
  });
}
