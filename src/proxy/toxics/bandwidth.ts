import type { Clock } from "../../core/clock.ts";
import { type EndKind, passThrough, type Stage, type StageOutput } from "../stage.ts";
import { createTimer } from "../timer.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** A longer chunk leaves in pieces of so many ms, as in the real one. */
const pieceMs = 100;

/**
 * Lets `rate` KB (1 KB is 1000 bytes) a second through: a chunk waits as long as it takes, then leaves; there is no credit for time in which
 * nothing came. 0 holds everything until the toxic is removed, and what waits then leaves at once.
 */
export const bandwidth: ToxicKind<"rate"> = {
  attributes: ["rate"],
  openStage({ output, setting, clock }) {
    const line = new SlowLine({ output, clock, rate: () => setting("rate") });
    return {
      ...passThrough(output),
      take: (chunk) => line.enqueue(chunk),
      end: (end) => line.enqueue(end),
      isFull: () => line.isFull(),
      release: () => line.release(),
      retune: () => line.retune(),
    };
  },
};

interface LineParts {
  readonly output: StageOutput;
  readonly clock: Clock;
  /** Bytes a ms, which is KB a second. */
  readonly rate: () => number;
}

class SlowLine implements Pick<Stage, "isFull" | "release" | "retune"> {
  readonly #parts: LineParts;
  readonly #queue: (Buffer | EndKind)[] = [];
  readonly #timer = createTimer();
  /** When the last piece left, by the rate and not by the timer: what a timer is late is made up for. */
  #paidMs = 0;

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  enqueue(item: Buffer | EndKind): void {
    if (this.#queue.length === 0) this.#paidMs = this.#parts.clock.nowMs();
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
    for (const item of this.#queue.splice(0)) this.#handOn(item);
  }

  retune(): void {
    this.#paidMs = this.#parts.clock.nowMs();
    this.#advance();
  }

  #advance(): void {
    this.#timer.clear();
    const before = this.#queue.length;
    while (this.#queue.length > 0 && this.#isHeadThrough()) this.#queue.shift();
    if (this.#queue.length < before) this.#parts.output.settle();
  }

  /** Sends what is due of the first in the queue; false, with the timer set, while something of it is left. */
  #isHeadThrough(): boolean {
    const { output, clock } = this.#parts;
    const [head] = this.#queue;
    if (!Buffer.isBuffer(head)) {
      if (head !== undefined) output.end(head);
      return true;
    }
    const rate = this.#parts.rate();
    const longest = Math.max(1, rate * pieceMs);
    for (let rest = head; rest.length > 0; rest = rest.subarray(longest)) {
      const piece = rest.subarray(0, longest);
      const dueMs = this.#paidMs + piece.length / rate;
      const leftMs = dueMs - clock.nowMs();
      if (leftMs > 0) {
        this.#queue[0] = rest;
        // A rate of 0 is never due.
        if (Number.isFinite(leftMs)) this.#timer.set(leftMs, () => this.#advance());
        return false;
      }
      this.#paidMs = dueMs;
      output.pass(piece);
    }
    return true;
  }

  #handOn(item: Buffer | EndKind): void {
    if (Buffer.isBuffer(item)) this.#parts.output.pass(item);
    else this.#parts.output.end(item);
  }
}
