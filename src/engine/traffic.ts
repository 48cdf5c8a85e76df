import type { Clock } from "../core/clock.ts";
import type { History } from "../core/history.ts";
import type { Json } from "../core/json.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import { until, within } from "../core/wait.ts";
import type { Target } from "../core/target.ts";
import type { Ask, Got, SideClients, Workload, WorkloadContext } from "../core/workload.ts";
import type { Recorder } from "./recorder.ts";
import { SideTraffic } from "./side-traffic.ts";

/** About 600 keys are read in half a second by a system that is well; one that is not gets this long, in ms. */
const finalReadsLimitMs = 30_000;

/** Client requests beside the workload, by which uptime is told. */
export type UptimeClients = (context: WorkloadContext) => Promise<void>;

interface TrafficParts {
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly call: CallOperation;
  readonly workload: Workload;
  readonly uptime: UptimeClients;
  readonly target: Target;
  readonly side: SideClients;
}

/** The traffic of one run: starts and ends it, pauses it, and takes down both ends of every operation. */
export class Traffic {
  readonly #parts: TrafficParts;
  readonly #stop = new AbortController();
  readonly #abandoned = new AbortController();
  readonly #side: SideTraffic;
  #running: Promise<unknown> = Promise.resolve();
  #resume: PromiseWithResolvers<void> | null = null;
  #underWay = 0;
  #processes = 0;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
    this.#side = new SideTraffic({ ...parts, clients: parts.side }, this.#abandoned.signal);
  }

  start(): void {
    const context = this.#context(this.#stop.signal);
    this.#running = Promise.all([this.#parts.workload.run(context), this.#parts.uptime(context)]);
    // Told where it is awaited: a fault of a client must not end the process in between.
    this.#running.catch(() => undefined);
    this.#side.start();
  }

  /** No more edits and tasks: from here on it can be told whether the replicas agree. Resolves when none is under way. */
  rest(): Promise<void> {
    return this.#side.rest();
  }

  /** Lets every client rest after its answer; resolves when none is waiting for one. */
  async pause(signal: AbortSignal): Promise<void> {
    this.#resume ??= Promise.withResolvers<void>();
    const limitMs = this.#parts.plan.workload.timeoutMs * 2;
    await until(() => this.#underWay === 0, { clock: this.#parts.clock, signal, limitMs });
  }

  resume(): void {
    this.#resume?.resolve();
    this.#resume = null;
  }

  /** Breaks off every operation under way, which then may or may not have happened: the run cannot go on, and healing must not wait. */
  async abandon(): Promise<void> {
    this.#abandoned.abort();
    await this.stop();
  }

  /** Ends the traffic; resolves when the last answer is in or its time is over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.resume();
    await this.#side.stop();
    await this.#running;
  }

  /** The workload's reads after all is healed and quiet. A system that does not answer them ends the phase by its limit; what was not read is unknown. */
  async finalReads(signal: AbortSignal): Promise<void> {
    const keys = acknowledgedKeys(this.#parts.recorder.history);
    const limit = within(finalReadsLimitMs, signal);
    await this.#parts.workload.finalReads(this.#context(limit), keys);
    await this.#side.finalReads(limit);
    signal.throwIfAborted();
  }

  #context(stop: AbortSignal): WorkloadContext {
    const { plan, clock, call } = this.#parts;
    return {
      settings: plan.workload,
      nodes: plan.nodes,
      seed: plan.seed,
      clock,
      call,
      stop,
      abandoned: this.#abandoned.signal,
      perform: (ask, signal) => this.#perform(ask, signal),
      unpaused: () => this.#resume?.promise ?? Promise.resolve(),
      freshProcess: () => {
        this.#processes += 1;
        return this.#processes;
      },
    };
  }

  async #perform(ask: Ask, signal: AbortSignal): Promise<Got> {
    const { recorder, plan, call } = this.#parts;
    this.#underWay += 1;
    try {
      const op = recorder.invoke(ask);
      const answer = await call({
        node: ask.node,
        operation: ask.kind,
        arguments: { key: ask.key, value: ask.value, expected: ask.expected, id: `${plan.seed}-${op}` },
        timeoutMs: plan.workload.timeoutMs,
        signal: AbortSignal.any([signal, this.#abandoned.signal]),
      });
      if (answer.outcome !== "ok") {
        const { outcome, error, says } = answer;
        const told = says === undefined ? { op, error } : { op, error, says };
        recorder.record({ type: outcome === "fail" ? "op.fail" : "op.info", ...told });
        return answer;
      }
      const value = ask.kind === "read" ? text(answer.values["value"]) : ask.value;
      const term = answer.values["term"];
      const leader = text(answer.values["leader"]);
      recorder.record({ type: "op.ok", op, value, leader, term: typeof term === "number" ? term : null });
      return { outcome: "ok", value };
    } finally {
      this.#underWay -= 1;
    }
  }
}

/** Every key with an acknowledged write, in the order of its first. */
function acknowledgedKeys(history: History): readonly string[] {
  const keys = new Set<string>();
  for (const { kind, outcome, key } of history.operations()) if (kind !== "read" && outcome === "ok") keys.add(key);
  return [...keys];
}

function text(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
