import type { Clock } from "../core/clock.ts";
import type { History } from "../core/history.ts";
import type { Json } from "../core/json.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import { until, within } from "../core/wait.ts";
import type { EditSettings } from "../core/scenario.ts";
import type { Ask, Edit, EditContext, Got, Workload, WorkloadContext } from "../core/workload.ts";
import type { Recorder } from "./recorder.ts";

/** About 600 keys are read in half a second by a system that is well; one that is not gets this long, in ms. */
const finalReadsLimitMs = 30_000;

/** Client requests beside the workload, by which uptime is told. */
export type UptimeClients = (context: WorkloadContext) => Promise<void>;

/** Clients that edit documents beside the workload. */
export type Editors = (context: EditContext) => Promise<void>;

interface TrafficParts {
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly call: CallOperation;
  readonly workload: Workload;
  readonly uptime: UptimeClients;
  readonly editors: Editors;
}

/** The traffic of one run: starts and ends it, pauses it, and takes down both ends of every operation. */
export class Traffic {
  readonly #parts: TrafficParts;
  readonly #stop = new AbortController();
  readonly #abandoned = new AbortController();
  readonly #quiet = new AbortController();
  /** Resolves when the first fault is in force. */
  readonly #faulted = Promise.withResolvers<boolean>();
  #editing: Promise<void> = Promise.resolve();
  #running: Promise<unknown> = Promise.resolve();
  #resume: PromiseWithResolvers<void> | null = null;
  #underWay = 0;
  #processes = 0;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
  }

  start(): void {
    const context = this.#context(this.#stop.signal);
    this.#running = Promise.all([this.#parts.workload.run(context), this.#parts.uptime(context)]);
    // Told where it is awaited: a fault of a client must not end the process in between.
    this.#running.catch(() => undefined);
    const { plan, recorder } = this.#parts;
    if (plan.edits === null) return;
    const end = recorder.listen((event) => {
      if (event.type !== "fault.injected") return;
      this.#faulted.resolve(true);
      end();
    });
    this.#editing = this.#parts.editors(this.#editContext(plan.edits));
    this.#editing.catch(() => undefined);
  }

  /** No more edits: from here on it can be told whether the replicas agree. Resolves when none is under way. */
  async restEdits(): Promise<void> {
    this.#quiet.abort();
    this.#faulted.resolve(false);
    await this.#editing;
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
    await this.restEdits();
    await this.#running;
  }

  /** The workload's reads after all is healed and quiet. A system that does not answer them ends the phase by its limit; what was not read is unknown. */
  async finalReads(signal: AbortSignal): Promise<void> {
    const keys = acknowledgedKeys(this.#parts.recorder.history);
    const limit = within(finalReadsLimitMs, signal);
    await this.#parts.workload.finalReads(this.#context(limit), keys);
    for (const document of editedDocuments(this.#parts.recorder.history)) await this.#readDocument(document, limit);
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

  #editContext(settings: EditSettings): EditContext {
    const { plan, clock } = this.#parts;
    return {
      settings,
      // Who joins later is not in the swarm from the start.
      nodes: plan.nodes.filter((node) => !plan.joiners.includes(node)),
      seed: plan.seed,
      clock,
      mayEdit: async () => (await this.#faulted.promise) && !this.#quiet.signal.aborted,
      edit: (edit) => this.#edit(edit, settings.timeoutMs),
      stop: this.#quiet.signal,
    };
  }

  async #edit({ node, document, field, change }: Edit, timeoutMs: number): Promise<void> {
    const { recorder, call } = this.#parts;
    const sentMs = recorder.nowMs();
    const signal = this.#abandoned.signal;
    const asked = { document, edit: { field, ...change } };
    const answer = await call({ node, operation: "edit", arguments: asked, timeoutMs, signal });
    const ended = answer.outcome === "ok" ? { outcome: answer.outcome, error: null } : answer;
    const { outcome, error } = ended;
    recorder.record({ type: "edit.ended", sentMs, node, document, field, change, outcome, error });
  }

  /** What a document holds in the end, from the first node that tells. */
  async #readDocument(document: string, signal: AbortSignal): Promise<void> {
    const { recorder, call, plan } = this.#parts;
    for (const node of plan.castingOrder) {
      if (signal.aborted) return;
      const sentMs = recorder.nowMs();
      const timeoutMs = plan.workload.timeoutMs;
      const answer = await call({ node, operation: "document", arguments: { document }, timeoutMs, signal });
      if (answer.outcome !== "ok") continue;
      recorder.record({ type: "document.read", sentMs, node, document, fields: answer.values["fields"] ?? null });
      return;
    }
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
        recorder.record({ type: answer.outcome === "fail" ? "op.fail" : "op.info", op, error: answer.error });
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

/** Every document of which an edit was acknowledged. */
function editedDocuments(history: History): readonly string[] {
  const edits = [...history.eventsOf("edit.ended")].filter(({ outcome }) => outcome === "ok");
  return [...new Set(edits.map(({ document }) => document))].sort();
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
