import type { Clock } from "../core/clock.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import { pause } from "../core/wait.ts";
import { operationsOfVoters } from "../core/probe.ts";
import type { Recorder } from "./recorder.ts";

/** Requests a second that all observers together may send: what is left for the system on two cores was measured with 500, which many nodes need. */
const budget = { least: 300, most: 400, eachNode: 4 } as const;
const answerLimitMs = 250;

/**
 * Asks every node, straight and never through a faulted link, one request in flight per node, one operation after another. The budget is
 * shared among nodes and operations, and so sets how finely anything can be told.
 */
export class Observer {
  readonly #call: CallOperation;
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #nodes: readonly string[];
  readonly #voters: ReadonlySet<string>;
  /** Operations that are asked for, with how many want each. */
  readonly #wanted = new Map<string, number>();
  readonly #stop = new AbortController();
  #loops: readonly Promise<void>[] = [];

  constructor(parts: {
    readonly call: CallOperation;
    readonly recorder: Recorder;
    readonly clock: Clock;
    readonly nodes: readonly string[];
    readonly voters: readonly string[];
  }) {
    this.#call = parts.call;
    this.#recorder = parts.recorder;
    this.#clock = parts.clock;
    this.#nodes = parts.nodes;
    this.#voters = new Set(parts.voters);
  }

  start(): void {
    this.#loops = this.#nodes.map((node, index) => this.#watch(node, index));
  }

  /** Asks for this operation too, until the returned function is called. */
  also(operation: string): () => void {
    this.#wanted.set(operation, (this.#wanted.get(operation) ?? 0) + 1);
    return () => {
      const left = (this.#wanted.get(operation) ?? 1) - 1;
      if (left === 0) this.#wanted.delete(operation);
      else this.#wanted.set(operation, left);
    };
  }

  /** Ends the observation; resolves when the last request has. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  /** Each node begins with another operation, so that no moment is without a sample of each. */
  async #watch(node: string, first: number): Promise<void> {
    const { signal } = this.#stop;
    const count = this.#nodes.length;
    const everyMs = (1000 * count) / Math.min(budget.most, Math.max(budget.least, budget.eachNode * count));
    const isVoter = this.#voters.has(node);
    for (let turn = first; !signal.aborted; turn += 1) {
      const dueMs = this.#clock.nowMs() + everyMs;
      const operations = [...this.#wanted.keys()].filter((name) => isVoter || !operationsOfVoters.includes(name));
      const operation = operations[turn % operations.length];
      if (operation !== undefined) await this.#ask(node, operation);
      await pause(dueMs - this.#clock.nowMs(), signal).catch(() => undefined);
    }
  }

  async #ask(node: string, operation: string): Promise<void> {
    const sentMs = this.#recorder.nowMs();
    const { signal } = this.#stop;
    const answer = await this.#call({ node, operation, arguments: {}, timeoutMs: answerLimitMs, signal });
    // A request that we broke off ourselves says nothing about the node.
    if (signal.aborted) return;
    const isOk = answer.outcome === "ok";
    this.#recorder.record({
      type: "probe.sampled",
      sentMs,
      probe: operation,
      node,
      value: isOk ? answer.values : null,
      error: isOk ? null : answer.error,
      answered: isOk || answer.isAnswered,
    });
  }
}
