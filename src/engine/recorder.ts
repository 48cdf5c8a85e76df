import type { Clock } from "../core/clock.ts";
import { createHistory, type GrowingHistory } from "../core/history-columns.ts";
import type { HistoryEvent, Phase } from "../core/history-event.ts";
import type { History } from "../core/history.ts";
import { type Sample, sampleValue } from "../core/probe.ts";
import { HistoryFile } from "./history-file.ts";

/** An event before it is stamped. */
export type Unstamped<E extends HistoryEvent = HistoryEvent> = E extends HistoryEvent ? Omit<E, "atMs"> : never;

/** Takes down what happens: stamps it, keeps it in memory, appends it to the file, tells who listens. One per run. */
export class Recorder {
  readonly #clock: Clock;
  readonly #file: HistoryFile;
  readonly #history: GrowingHistory = createHistory();
  readonly #originMs: number;
  readonly #listeners = new Set<(event: HistoryEvent) => void>();
  #operations = 0;
  #term = -1;
  /** The node that said of itself that it leads, by term. */
  readonly #claims = new Map<number, string>();

  constructor(clock: Clock, file: string) {
    this.#clock = clock;
    this.#file = new HistoryFile(file);
    this.#originMs = clock.nowMs();
  }

  get history(): History {
    return this.#history;
  }

  /** Ms since the run's start. */
  nowMs(): number {
    return rounded(this.#clock.nowMs() - this.#originMs);
  }

  /** A stamp of the harness's clock, as another process made it, in ms since the run's start. */
  sinceStart(clockMs: number): number {
    return rounded(clockMs - this.#originMs);
  }

  /** Takes an event down, stamped now or with the time at which it is known to have happened. */
  record(event: Unstamped, atMs = this.nowMs()): void {
    const stamped: HistoryEvent = { ...event, atMs };
    this.#history.append(stamped);
    this.#file.append(stamped);
    for (const listener of this.#listeners) listener(stamped);
    this.#noticeLeader(stamped);
  }

  /** Takes down the invocation of an operation; gives its number. */
  invoke(invocation: Omit<Unstamped<Extract<HistoryEvent, { type: "op.invoked" }>>, "type" | "op">): number {
    const op = this.#operations;
    this.#operations += 1;
    this.record({ type: "op.invoked", op, ...invocation });
    return op;
  }

  enter(phase: Phase): void {
    this.record({ type: "phase.entered", phase });
    this.#file.sync();
  }

  /** Calls the listener with every event from now on, until the returned function is called. */
  listen(listener: (event: HistoryEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#file.close();
  }

  /**
   * The leader is told from acknowledged operations: a later term in one of them is a change. Where their answers do not name the leader, it is
   * who said so of itself in that term.
   */
  #noticeLeader(event: HistoryEvent): void {
    if (event.type === "probe.sampled" && event.probe === "leader") this.#noticeClaim(event);
    if (event.type !== "op.ok" || event.term === null || event.term <= this.#term) return;
    const leader = event.leader ?? this.#claims.get(event.term);
    if (leader === undefined) return;
    this.#term = event.term;
    this.record({ type: "leader.changed", leader, term: event.term }, event.atMs);
  }

  #noticeClaim(sample: Sample): void {
    const term = sampleValue(sample, "term");
    if (typeof term === "number" && sampleValue(sample, "leader") === sample.node) this.#claims.set(term, sample.node);
  }
}

/** Microseconds are enough, and keep the file readable. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
