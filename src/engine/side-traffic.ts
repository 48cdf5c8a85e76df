import type { Clock } from "../core/clock.ts";
import type { History } from "../core/history.ts";
import type { Json } from "../core/json.ts";
import { own } from "../core/own.ts";
import type { CallOperation, OperationAnswer } from "../core/operation-answer.ts";
import type { Plan } from "../core/plan.ts";
import { resolveSelection } from "../core/selection.ts";
import type { Target } from "../core/target.ts";
import type { BlockContext, Edit, EditContext, SideClients, TaskContext } from "../core/workload.ts";
import type { Recorder } from "./recorder.ts";

/** How long a notice is waited for that a node sends by itself, in ms (spec/1-mission: an error is answered within 5 s). */
const noticeLimitMs = 5000;
/** So many blocks are read at a time in the end. */
const readsAtOnce = 8;

interface SideParts {
  readonly plan: Plan;
  readonly target: Target;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly call: CallOperation;
  readonly clients: SideClients;
}

/** What goes on beside the workload: edits and tasks from the first fault to the end of the timeline, blocks all the time. */
export class SideTraffic {
  readonly #parts: SideParts;
  /** Breaks off whatever is under way. */
  readonly #abandoned: AbortSignal;
  readonly #stop = new AbortController();
  readonly #quiet = new AbortController();
  /** Resolves when the first fault is in force. */
  readonly #faulted = Promise.withResolvers<boolean>();
  /** What each block must hold, base64, by its name. */
  readonly #contents = new Map<string, string>();
  /** Nodes that were asked for their notice. */
  readonly #noticed = new Set<string>();
  readonly #notices: Promise<void>[] = [];
  #resting: Promise<unknown> = Promise.resolve();
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: SideParts, abandoned: AbortSignal) {
    this.#parts = parts;
    this.#abandoned = abandoned;
  }

  start(): void {
    const { plan, recorder, clients } = this.#parts;
    const end = recorder.listen((event) => {
      if (event.type !== "fault.injected") return;
      this.#faulted.resolve(true);
      end();
    });
    this.#resting = Promise.all([
      plan.edits === null ? null : clients.editors({ ...this.#untilQuiet(), settings: plan.edits, ...this.#edits() }),
      plan.tasks === null ? null : clients.tasks({ ...this.#untilQuiet(), settings: plan.tasks, ...this.#tasks() }),
    ]);
    this.#running = plan.blocks === null ? Promise.resolve() : clients.blocks(this.#blocks(plan.blocks));
    // Told where they are awaited: a fault of a client must not end the process in between.
    for (const client of [this.#resting, this.#running]) client.catch(() => undefined);
  }

  /** No more edits and tasks: from here on it can be told whether the replicas agree. Resolves when none is under way. */
  async rest(): Promise<void> {
    this.#quiet.abort();
    this.#faulted.resolve(false);
    await this.#resting;
    await Promise.all(this.#notices);
  }

  /** Ends it all; resolves when the last answer is in or its time is over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.rest();
    await this.#running;
  }

  /** Reads what must be there in the end: every document that was edited, and every block that was taken. */
  async finalReads(limit: AbortSignal): Promise<void> {
    for (const document of editedDocuments(this.#parts.recorder.history)) await this.#readDocument(document, limit);
    const left = this.#blockReads().values();
    const reader = async (): Promise<void> => {
      for (const [node, block] of left) {
        if (limit.aborted) return;
        await this.#get(node, block, limit);
      }
    };
    await Promise.all(Array.from({ length: readsAtOnce }, reader));
  }

  /** Of whom which block is asked in the end: each of another node, and all of them of the nodes whose files a fault altered. */
  #blockReads(): readonly (readonly [node: string, block: string])[] {
    const { plan, recorder } = this.#parts;
    const altered = [...recorder.history.eventsOf("fault.altered")].map(({ node }) => node);
    return [...this.#contents.keys()].flatMap((block, number) => {
      const asked = plan.castingOrder[number % plan.castingOrder.length] ?? "";
      return [...new Set([asked, ...altered])].map((node) => [node, block] as const);
    });
  }

  /** The nodes that are in the swarm from the start. */
  #members(): readonly string[] {
    const { nodes, joiners } = this.#parts.plan;
    return nodes.filter((node) => !joiners.includes(node));
  }

  #untilQuiet(): Pick<EditContext, "nodes" | "seed" | "clock" | "mayBegin" | "stop"> {
    const { plan, clock } = this.#parts;
    const mayBegin = async (): Promise<boolean> => (await this.#faulted.promise) && !this.#quiet.signal.aborted;
    return { nodes: this.#members(), seed: plan.seed, clock, mayBegin, stop: this.#quiet.signal };
  }

  #edits(): Pick<EditContext, "edit"> {
    const timeoutMs = this.#parts.plan.edits?.timeoutMs ?? 0;
    return { edit: (edit) => this.#edit(edit, timeoutMs) };
  }

  #tasks(): Pick<TaskContext, "give" | "nodes"> {
    return { nodes: pressedNodes(this.#parts.plan), give: (node) => this.#give(node) };
  }

  #blocks(settings: BlockContext["settings"]): BlockContext {
    const { plan, clock } = this.#parts;
    return {
      settings,
      nodes: this.#members(),
      seed: plan.seed,
      clock,
      put: (node, content) => this.#put(node, content, settings.timeoutMs),
      get: (node, block) => this.#get(node, block, this.#abandoned),
      stop: this.#stop.signal,
    };
  }

  async #edit({ node, document, field, change }: Edit, timeoutMs: number): Promise<void> {
    const { recorder, call } = this.#parts;
    const sentMs = recorder.nowMs();
    const asked = { document, edit: { field, ...change } };
    const answer = await call({ node, operation: "edit", arguments: asked, timeoutMs, signal: this.#abandoned });
    const { outcome, error } = ended(answer);
    recorder.record({ type: "edit.ended", sentMs, node, document, field, change, outcome, error });
  }

  async #put(node: string, content: string, timeoutMs: number): Promise<string | null> {
    const { recorder, call } = this.#parts;
    const sentMs = recorder.nowMs();
    const asked = { node, operation: "put-block", arguments: { content }, timeoutMs, signal: this.#abandoned };
    const answer = await call(asked);
    const named = answer.outcome === "ok" ? textOf(answer.values["block"]) : null;
    if (named !== null) this.#contents.set(named, content);
    recorder.record({
      type: "block.ended",
      sentMs,
      node,
      kind: "put",
      block: named ?? "",
      intact: null,
      ...ended(answer),
    });
    return named;
  }

  async #get(node: string, block: string, signal: AbortSignal): Promise<void> {
    const { recorder, call, plan } = this.#parts;
    const sentMs = recorder.nowMs();
    const timeoutMs = plan.blocks?.timeoutMs ?? 0;
    const answer = await call({ node, operation: "get-block", arguments: { block }, timeoutMs, signal });
    const intact = answer.outcome === "ok" ? answer.values["content"] === this.#contents.get(block) : null;
    recorder.record({ type: "block.ended", sentMs, node, kind: "get", block, intact, ...ended(answer) });
  }

  async #give(node: string): Promise<void> {
    const { recorder, call, plan, target } = this.#parts;
    const { memoryBytes: memory = 0, durationMs: duration = 0, timeoutMs = 0 } = plan.tasks ?? {};
    const sentMs = recorder.nowMs();
    const asked = { node, operation: "task", arguments: { memory, duration }, timeoutMs, signal: this.#abandoned };
    const answer = await call(asked);
    recorder.record({ type: "task.ended", sentMs, node, ...ended(answer) });
    if (answer.says !== "throttled" || this.#noticed.has(node)) return;
    this.#noticed.add(node);
    if (own(target.operations, "notice") !== undefined) this.#notices.push(this.#hear(node));
  }

  /** Whether the node told by itself that something is critical. */
  async #hear(node: string): Promise<void> {
    const { recorder, call } = this.#parts;
    const asked = { node, operation: "notice", arguments: {}, timeoutMs: noticeLimitMs, signal: this.#abandoned };
    const answer = await call(asked);
    recorder.record({
      type: "notice.heard",
      node,
      notice: answer.outcome === "ok" ? textOf(answer.values["notice"]) : null,
    });
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
}

/** Who is given tasks: drawn as any selection, before anybody is known to lead. */
function pressedNodes({ tasks, castingOrder: order, nodes, voters }: Plan): readonly string[] {
  if (tasks === null) return [];
  const resolved = resolveSelection(tasks.on, { order, all: nodes.length, voters, leader: null, cast: {}, taken: [] });
  return "nodes" in resolved ? resolved.nodes : [];
}

interface Ended {
  readonly outcome: OperationAnswer["outcome"];
  readonly error: string | null;
  readonly says: string | null;
}

function ended(answer: OperationAnswer): Ended {
  const { outcome, says = null } = answer;
  return { outcome, says, error: answer.outcome === "ok" ? null : answer.error };
}

/** Every document of which an edit was acknowledged. */
function editedDocuments(history: History): readonly string[] {
  const edits = [...history.eventsOf("edit.ended")].filter(({ outcome }) => outcome === "ok");
  return [...new Set(edits.map(({ document }) => document))].sort();
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
