import type { Socket } from "node:net";
import { Slot } from "./slot.ts";
import type { EndKind, Sink } from "./stage.ts";
import type { Toxic } from "./toxic.ts";

/** The two sockets of a flow. */
export interface FlowEnds {
  readonly source: Socket;
  readonly destination: Socket;
}

/** What a flow can do to its connection. */
export interface FlowControls {
  /** Closes both sides after what was written to them has left. */
  close(): void;
  reset(): void;
}

/** Bytes of one direction so far. */
export interface Traffic {
  readonly receivedBytes: number;
  /** Those that the system has taken for the receiver. */
  readonly deliveredBytes: number;
}

/**
 * One direction of one connection. Without a toxic every chunk goes straight from `data` to `write`; the sockets' own counters and buffers
 * do the rest. With toxics it goes through a chain of stages that ends in the same place.
 */
export class Flow {
  readonly #ends: FlowEnds;
  readonly #controls: FlowControls;
  /** One per toxic of this direction, in the toxics' order. */
  readonly #slots: Slot[] = [];
  readonly #receiver: Sink;
  #head: Sink;
  /** Whether the receiver still takes bytes. */
  #isOpen = true;
  /** Whether the receiver has ever been reached; until then the socket counts waiting bytes as written. */
  #isConnected: boolean;
  /** The count at the moment in which what waits was given up; null before. */
  #deliveredAtEndBytes: number | null = null;
  readonly #onData = (chunk: Buffer): void => this.#head.take(chunk);

  constructor(ends: FlowEnds, controls: FlowControls) {
    this.#ends = ends;
    this.#controls = controls;
    this.#receiver = { take: (chunk) => this.#deliver(chunk), end: (kind) => this.#finish(kind) };
    this.#head = this.#receiver;
    this.#isConnected = !ends.destination.pending;
    const { source, destination } = ends;
    source.on("data", this.#onData);
    source.on("end", () => this.#head.end("half"));
    source.on("close", () => this.#sourceClosed());
    destination.on("connect", () => (this.#isConnected = true));
    destination.on("drain", () => this.settle());
    destination.on("close", () => this.cut());
  }

  /** What has passed so far, live. */
  traffic(): Traffic {
    const { source } = this.#ends;
    return { receivedBytes: source.bytesRead, deliveredBytes: this.#deliveredAtEndBytes ?? this.#deliveredBytes() };
  }

  /** Puts a toxic in its place. */
  add(toxic: Toxic): void {
    const behind = this.#slots.findIndex((slot) => slot.toxic.serial > toxic.serial);
    const index = behind === -1 ? this.#slots.length : behind;
    this.#slots.splice(
      index,
      0,
      new Slot(toxic, this.#receiver, { settle: () => this.settle(), reset: () => this.#controls.reset() }),
    );
    this.retune(toxic);
  }

  /** Takes note that attributes or toxicity of a toxic have changed. */
  retune(toxic: Toxic): void {
    const slot = this.#slots.find((candidate) => candidate.toxic === toxic);
    if (slot === undefined) return;
    if (!slot.isHit()) {
      slot.stage?.release();
      slot.stage = null;
    } else if (slot.stage !== null) {
      slot.stage.retune();
    } else {
      this.#open(slot);
    }
    this.#link();
  }

  /** Takes a toxic away; the others stay. */
  remove(toxic: Toxic): void {
    const index = this.#slots.findIndex((slot) => slot.toxic === toxic);
    const slot = this.#slots[index];
    if (slot === undefined) return;
    slot.stage?.release();
    slot.stage?.removed();
    this.#slots.splice(index, 1);
    this.#link();
  }

  /** Reads from the sender, or not, as receiver and stages can take more. */
  settle(): void {
    const { source, destination } = this.#ends;
    if (source.destroyed) return;
    const mustWait = destination.writableNeedDrain || this.#slots.some((slot) => slot.stage?.isFull() === true);
    if (mustWait) source.pause();
    else if (source.isPaused()) source.resume();
  }

  /** Delivers nothing more: the receiver is gone, or the connection is closing. */
  cut(): void {
    this.#isOpen = false;
    this.settle();
  }

  /** As `cut`, before the receiver's socket is destroyed with what waits in it. */
  abandon(): void {
    this.#deliveredAtEndBytes ??= this.#deliveredBytes();
    this.cut();
  }

  /** Stops the timers of all stages: the connection is over. */
  dispose(): void {
    this.#isOpen = false;
    for (const slot of this.#slots.splice(0)) slot.stage?.release();
  }

  #deliveredBytes(): number {
    const { destination } = this.#ends;
    return this.#isConnected ? Math.max(0, destination.bytesWritten - destination.writableLength) : 0;
  }

  #open(slot: Slot): void {
    const behind = this.#slots.slice(this.#slots.indexOf(slot) + 1);
    slot.next = behind.find((other) => other.stage !== null)?.stage ?? this.#receiver;
    slot.open();
  }

  #link(): void {
    this.#head = this.#slots.reduceRight<Sink>((next, slot) => {
      slot.next = next;
      return slot.stage ?? next;
    }, this.#receiver);
    this.settle();
  }

  #deliver(chunk: Buffer): void {
    if (this.#isOpen && !this.#ends.destination.write(chunk)) this.#ends.source.pause();
  }

  #finish(kind: EndKind): void {
    if (this.#isOpen) this.#ends.destination.end();
    this.#isOpen = false;
    if (kind === "full") this.#controls.close();
  }

  #sourceClosed(): void {
    // A reset that comes while nothing is read leaves bytes in the socket's buffer: the sender has sent them, so they go first.
    this.#ends.source.off("data", this.#onData);
    for (let chunk = this.#leftover(); chunk !== null; chunk = this.#leftover()) this.#head.take(chunk);
    this.#head.end("full");
  }

  #leftover(): Buffer | null {
    const chunk: unknown = this.#ends.source.read();
    return Buffer.isBuffer(chunk) ? chunk : null;
  }
}
