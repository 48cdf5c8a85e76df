import type { Clock } from "../core/clock.ts";
import type { CallTogether } from "../core/operation-answer.ts";
import { pause } from "../core/wait.ts";
import { operationsOfVoters } from "../core/probe.ts";
import type { Recorder } from "./recorder.ts";

/** Requests a second that all observers together may send: they must leave the system its two cores. */
const budget = { least: 150, most: 200, eachNode: 2 } as const;
/** So long is an answer waited for, in ms; where a node is asked less often than that, until it would be asked again. */
const answerLimitMs = 250;

/** What is asked seldom takes each turn of so many. */
const seldomEvery = 4;

/** How nodes are asked: operations that ask the same together. */
export interface Asking {
  readonly callTogether: CallTogether;
  readonly together: (names: readonly string[]) => readonly (readonly string[])[];
}

/**
 * Asks every node, straight and never through a faulted link, one request in flight per node, one operation after another. The budget is
 * shared among nodes and operations, and so sets how finely anything can be told.
 */
export class Observer {
  readonly #asking: Asking;
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #nodes: readonly string[];
  readonly #voters: ReadonlySet<string>;
  /** Operations that are asked for, with how many want each. */
  readonly #wanted = new Map<string, number>();
  readonly #seldom = new Map<string, number>();
  readonly #stop = new AbortController();
  /** How often each node is asked, in ms. */
  readonly #everyMs: number;
  #loops: readonly Promise<void>[] = [];

  constructor(
    parts: Asking & {
      readonly recorder: Recorder;
      readonly clock: Clock;
      readonly nodes: readonly string[];
      readonly voters: readonly string[];
    },
  ) {
    this.#asking = parts;
    this.#recorder = parts.recorder;
    this.#clock = parts.clock;
    this.#nodes = parts.nodes;
    const count = parts.nodes.length;
    this.#everyMs = (1000 * count) / Math.min(budget.most, Math.max(budget.least, budget.eachNode * count));
    this.#voters = new Set(parts.voters);
  }

  start(): void {
    this.#loops = this.#nodes.map((node, index) => this.#watch(node, index));
  }

  /** Asks for this operation too, until the returned function is called; `seldom`: only each fourth time that a node is asked. */
  also(operation: string, how: "always" | "seldom" = "always"): () => void {
    const wanted = how === "always" ? this.#wanted : this.#seldom;
    wanted.set(operation, (wanted.get(operation) ?? 0) + 1);
    return () => {
      const left = (wanted.get(operation) ?? 1) - 1;
      if (left === 0) wanted.delete(operation);
      else wanted.set(operation, left);
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
    const isVoter = this.#voters.has(node);
    // Spread over the period: all at once they would come in bursts, and leave moments of which nothing is known.
    await pause((first * this.#everyMs) / this.#nodes.length, signal).catch(() => undefined);
    // Each kind of turn counts for itself: what is asked seldom must not take the turns of the same operation again and again.
    const turns = { always: first, seldom: first };
    for (let turn = first; !signal.aborted; turn += 1) {
      const dueMs = this.#clock.nowMs() + this.#everyMs;
      const isSeldom = this.#seldom.size > 0 && turn % seldomEvery === 0;
      const wanted = [...(isSeldom ? this.#seldom : this.#wanted).keys()];
      const groups = this.#asking.together(wanted.filter((name) => isVoter || !operationsOfVoters.includes(name)));
      const how = isSeldom ? "seldom" : "always";
      const group = groups[turns[how] % groups.length];
      turns[how] += 1;
      if (group !== undefined) await this.#ask(node, group);
      await pause(dueMs - this.#clock.nowMs(), signal).catch(() => undefined);
    }
  }

  async #ask(node: string, operations: readonly string[]): Promise<void> {
    const sentMs = this.#recorder.nowMs();
    const { signal } = this.#stop;
    const call = { node, operations, arguments: {}, timeoutMs: Math.max(answerLimitMs, this.#everyMs), signal };
    const answers = await this.#asking.callTogether(call);
    // A request that we broke off ourselves says nothing about the node.
    if (signal.aborted) return;
    for (const [probe, answer] of answers) {
      const isOk = answer.outcome === "ok";
      const said = { value: isOk ? answer.values : null, error: isOk ? null : answer.error };
      this.#recorder.record({
        type: "probe.sampled",
        sentMs,
        probe,
        node,
        ...said,
        answered: isOk || answer.isAnswered,
      });
    }
  }
}
