import type { Clock } from "../core/clock.ts";
import { type EndKind, passThrough, type Stage, type StageOutput } from "./stage.ts";
import { createTimer } from "./timer.ts";

/** A longer chunk leaves in pieces of so many ms, as in the real one. */
const pieceMs = 100;

/** What a line is made of. */
export interface LineParts {
  readonly clock: Clock;
  /** Bytes a ms, which is KB a second. */
  readonly rate: () => number;
}

/** A line that lets so many bytes a ms through, for one stream or for several that take turns, piece by piece. */
export class SlowLine {
  readonly #parts: LineParts;
  /** Streams in which something waits, in the order of their turns. */
  readonly #waiting: Waiting[] = [];
  readonly #timer = createTimer();
  /** When the last piece left, by the rate and not by the timer: what a timer is late is made up for. */
  #paidMs = 0;
  /** How late the timer was with the last piece: the next one may be so much earlier, or every chunk would cost a ms more than the rate says. */
  #lateMs = 0;

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  /** The stage of one stream. */
  stage(output: StageOutput): Stage {
    const waiting: Waiting = { output, queue: [] };
    const enqueue = (item: Buffer | EndKind): void => {
      waiting.queue.push(item);
      if (waiting.queue.length === 1) this.#queue(waiting);
      output.settle();
    };
    return {
      ...passThrough(output),
      take: enqueue,
      end: enqueue,
      // One chunk waits; all else waits at the sender, as on a slow line.
      isFull: () => waiting.queue.length > 0,
      release: () => this.#release(waiting),
      retune: () => {
        this.#paidMs = this.#parts.clock.nowMs();
        this.#advance();
      },
    };
  }

  #queue(waiting: Waiting): void {
    // Time in which nothing waited gives no credit beyond what the timer was late.
    if (this.#waiting.length === 0) this.#paidMs = Math.max(this.#paidMs, this.#parts.clock.nowMs() - this.#lateMs);
    this.#waiting.push(waiting);
    if (this.#waiting.length === 1) this.#advance();
  }

  #release(waiting: Waiting): void {
    const place = this.#waiting.indexOf(waiting);
    if (place !== -1) this.#waiting.splice(place, 1);
    for (const item of waiting.queue.splice(0)) handOn(waiting.output, item);
    this.#advance();
  }

  /** Sends what is due, a piece a turn, and sets the timer for the next. */
  #advance(): void {
    const { clock } = this.#parts;
    this.#timer.clear();
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      const dueMs = this.#paidMs + this.#pieceOf(head).length / this.#rateOf(head);
      const leftMs = dueMs - clock.nowMs();
      if (leftMs > 0) {
        // A rate of 0 is never due.
        if (Number.isFinite(leftMs)) this.#timer.set(leftMs, () => this.#advance());
        return;
      }
      this.#paidMs = dueMs;
      this.#waiting.shift();
      this.#send(head);
      if (head.queue.length > 0) this.#waiting.push(head);
    }
    this.#lateMs = Math.max(0, clock.nowMs() - this.#paidMs);
  }

  /** One piece, and the end if it comes right behind. */
  #send(waiting: Waiting): void {
    const { output, queue } = waiting;
    const [first] = queue;
    const piece = this.#pieceOf(waiting);
    if (Buffer.isBuffer(first) && piece.length < first.length) queue[0] = first.subarray(piece.length);
    else queue.shift();
    if (piece.length > 0) output.pass(piece);
    else if (typeof first === "string") output.end(first);
    const [next] = queue;
    if (typeof next === "string") {
      queue.shift();
      output.end(next);
    }
    if (queue.length === 0) output.settle();
  }

  /** The next bytes that leave together; none where an end is next. */
  #pieceOf({ queue: [first] }: Waiting): Buffer {
    return Buffer.isBuffer(first) ? first.subarray(0, Math.max(1, this.#parts.rate() * pieceMs)) : noBytes;
  }

  /** An end costs no time. */
  #rateOf({ queue: [first] }: Waiting): number {
    return Buffer.isBuffer(first) ? this.#parts.rate() : Infinity;
  }
}

/** A stream in which something waits. */
interface Waiting {
  readonly output: StageOutput;
  readonly queue: (Buffer | EndKind)[];
}

const noBytes = Buffer.alloc(0);

function handOn(output: StageOutput, item: Buffer | EndKind): void {
  if (typeof item === "string") output.end(item);
  else output.pass(item);
}
