import { type OnReadOpts, Socket } from "node:net";

/**
 * Memory that a socket reads into begins at one chunk of Toxiproxy's, so that toxics see the chunks that they would see there, and grows while reads fill it, to the
 * largest. Of an idle connection hardly any of it is ever touched, so that it costs a page or two.
 */
const smallestBytes = 32 * 1024;
const largestBytes = 256 * 1024;
/** After so many reads in a row that needed less than an eighth of it, it shrinks again. */
const patience = 64;

/** Takes what was read; says whether the memory under it may be read into again. */
export type Take = (bytes: Buffer) => boolean;

/**
 * The memory that one socket reads into, again and again. Node's own way is a new 64 KiB for each read, of which nearly all is given back: that is what made a
 * plain proxy slower than Toxiproxy with values of 16 KiB (docs/decisions/0008-links.md).
 */
export class Landing {
  readonly onread: OnReadOpts;
  #memory = Buffer.allocUnsafeSlow(smallestBytes);
  /** The part of the memory that the last read filled: messages of one size after another need no new one. */
  #filled = this.#memory;
  #smallReads = 0;
  #take: Take = () => true;

  constructor() {
    this.onread = {
      buffer: () => this.#memory,
      callback: (count) => {
        this.#landed(count);
        return true;
      },
    };
  }

  /** Who gets what is read. */
  attach(take: Take): void {
    this.#take = take;
  }

  /** An accepted socket as one that reads into this memory. Node gives no public way to it; where the private one is gone, it reads as Node does. */
  adopt(accepted: Socket): Socket {
    const handle: unknown = Reflect.get(accepted, "_handle");
    if (typeof handle !== "object" || handle === null) {
      return accepted.on("data", (chunk: Buffer) => void this.#take(chunk)).resume();
    }
    Reflect.set(accepted, "_handle", null);
    accepted.destroy();
    const options: object = { handle, allowHalfOpen: true, onread: this.onread };
    const socket: unknown = Reflect.construct(Socket, [options]);
    if (!(socket instanceof Socket)) throw new TypeError("a socket was constructed that is none");
    return socket;
  }

  #landed(count: number): void {
    const { length } = this.#memory;
    const isFull = count === length;
    if (this.#filled.length !== count) this.#filled = this.#memory.subarray(0, count);
    const isFree = this.#take(this.#filled);
    this.#smallReads = count * 8 < length ? this.#smallReads + 1 : 0;
    const wanted = isFull ? Math.min(length * 4, largestBytes) : this.#smallReads > patience ? length / 4 : length;
    const next = Math.max(wanted, smallestBytes);
    if (isFree && next === length) return;
    this.#memory = Buffer.allocUnsafeSlow(next);
    this.#filled = this.#memory;
    this.#smallReads = 0;
  }
}
