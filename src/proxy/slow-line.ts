import type { Clock } from "../core/clock.ts";
import { type EndKind, passThrough, type Stage, type StageOutput } from "./stage.ts";
import { createTimer } from "./timer.ts";

/** A longer chunk leaves in pieces of so many ms, as in the real one. */
const pieceMs = 100;

/** When the last piece left a line, by its rate and not by the timer: what a timer is late is made up for. Lines that share it share the rate. */
export interface Pace {
  paidMs: number;
  /** How late its timer was with the last piece: the next one may be so much earlier, or every chunk would cost a ms more than the rate says. */
  lateMs: number;
  /** Lines in which something waits. */
  waiting: number;
}

/** The pace of a line by itself, or of lines that will share it. */
export function newPace(): Pace {
  return { paidMs: 0, lateMs: 0, waiting: 0 };
}

/** What a line is made of. */
export interface LineParts {
  readonly output: StageOutput;
  readonly clock: Clock;
  /** Bytes a ms, which is KB a second. */
  readonly rate: () => number;
  readonly pace: Pace;
}

/** A stage that lets so many bytes a ms through. */
export function slowStage(parts: LineParts): Stage {
  const line = new SlowLine(parts);
  return {
    ...passThrough(parts.output),
    take: (chunk) => line.enqueue(chunk),
    end: (end) => line.enqueue(end),
    isFull: () => line.isFull(),
    release: () => line.release(),
    retune: () => line.retune(),
  };
}

class SlowLine implements Pick<Stage, "isFull" | "release" | "retune"> {
  readonly #parts: LineParts;
  readonly #queue: (Buffer | EndKind)[] = [];
  readonly #timer = createTimer();

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  enqueue(item: Buffer | EndKind): void {
    if (this.#queue.length === 0) {
      this.#payUpToNow();
      this.#parts.pace.waiting += 1;
    }
    this.#queue.push(item);
    if (this.#queue.length === 1) this.#advance();
    this.#parts.output.settle();
  }

  /** One chunk waits; all else waits at the sender, as on a slow line. */
  isFull(): boolean {
    return this.#queue.length > 0;
  }

  release(): void {
    this.#timer.clear();
    if (this.#queue.length > 0) this.#parts.pace.waiting -= 1;
    for (const item of this.#queue.splice(0)) this.#handOn(item);
  }

  retune(): void {
    this.#parts.pace.paidMs = this.#parts.clock.nowMs();
    this.#advance();
  }

  #rest(): void {
    const { pace, clock } = this.#parts;
    pace.waiting -= 1;
    pace.lateMs = Math.max(0, clock.nowMs() - pace.paidMs);
  }

  /** Time in which nothing waited, in none of the lines that share the pace, gives no credit beyond what the timer was late. */
  #payUpToNow(): void {
    const { pace, clock } = this.#parts;
    if (pace.waiting === 0) pace.paidMs = Math.max(pace.paidMs, clock.nowMs() - pace.lateMs);
  }

  #advance(): void {
    this.#timer.clear();
    const before = this.#queue.length;
    while (this.#queue.length > 0 && this.#isHeadThrough()) this.#queue.shift();
    if (this.#queue.length === before) return;
    if (this.#queue.length === 0) this.#rest();
    this.#parts.output.settle();
  }

  /** Sends what is due of the first in the queue; false, with the timer set, while something of it is left. */
  #isHeadThrough(): boolean {
    const { output, clock, pace } = this.#parts;
    const [head] = this.#queue;
    if (!Buffer.isBuffer(head)) {
      if (head !== undefined) output.end(head);
      return true;
    }
    const rate = this.#parts.rate();
    const longest = Math.max(1, rate * pieceMs);
    for (let rest = head; rest.length > 0; rest = rest.subarray(longest)) {
      const piece = rest.subarray(0, longest);
      const dueMs = pace.paidMs + piece.length / rate;
      const leftMs = dueMs - clock.nowMs();
      if (leftMs > 0) {
        this.#queue[0] = rest;
        // A rate of 0 is never due.
        if (Number.isFinite(leftMs)) this.#timer.set(leftMs, () => this.#advance());
        return false;
      }
      pace.paidMs = dueMs;
      output.pass(piece);
    }
    return true;
  }

  #handOn(item: Buffer | EndKind): void {
    if (Buffer.isBuffer(item)) this.#parts.output.pass(item);
    else this.#parts.output.end(item);
  }
}
