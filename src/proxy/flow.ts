import type { Socket } from "node:net";
import type { Landing } from "./landing.ts";
import { Slot, type SlotControls } from "./slot.ts";
import type { EndKind, Sink } from "./stage.ts";
import type { Toxic } from "./toxic.ts";
import type { Traffic } from "./traffic.ts";

/** Chunks that toxics see are at most this long, as in the real one: what bandwidth and slicer make of them depends on it. */
const longestChunkBytes = 32 * 1024;

/** The two sockets of a flow. */
export interface FlowEnds {
  readonly source: Socket;
  readonly destination: Socket;
}

/** What a flow can do to its connection. */
export interface FlowControls extends Pick<SlotControls, "hold" | "ended" | "reset"> {
  /** Closes both sides after what was written to them has left. */
  close(): void;
}

/** Who hears what is read, and how a flow begins. */
export interface FlowStart {
  readonly landing: Landing;
  /** Whether the end of one direction ends the connection, as in the real one. */
  readonly isStrict: boolean;
}

/**
 * One direction of one connection. Without a toxic what is read goes straight to `write`, from memory that is used again; the sockets' own counters and buffers
 * do the rest. With toxics a copy of it goes through a chain of stages that ends in the same place.
 */
export class Flow {
  readonly #ends: FlowEnds;
  readonly #controls: FlowControls;
  /** One per toxic of this direction, in the toxics' order. */
  readonly #slots: Slot[] = [];
  readonly #receiver: Sink;
  readonly #isStrict: boolean;
  #head: Sink;
  #chunks = 0;
  /** Whether the receiver still takes bytes. */
  #isOpen = true;
  /** Whether the receiver has ever been reached; until then the socket counts waiting bytes as written. */
  #isConnected: boolean;
  /** The count at the moment in which what waits was given up; null before. */
  #deliveredAtEndBytes: number | null = null;

  constructor(ends: FlowEnds, { landing, isStrict }: FlowStart, controls: FlowControls) {
    this.#ends = ends;
    this.#controls = controls;
    this.#isStrict = isStrict;
    this.#receiver = { take: (chunk) => this.#deliver(chunk), end: (kind) => this.#finish(kind) };
    this.#head = this.#receiver;
    this.#isConnected = !ends.destination.pending;
    const { source, destination } = ends;
    landing.attach((bytes) => this.#arrived(bytes));
    source.on("end", () => this.#head.end("half"));
    source.on("close", () => this.#head.end("full"));
    destination.on("connect", () => (this.#isConnected = true));
    destination.on("drain", () => this.settle());
    destination.on("close", () => this.cut());
  }

  /** What has passed so far, live. */
  traffic(): Traffic {
    const { source } = this.#ends;
    return {
      receivedBytes: source.bytesRead,
      deliveredBytes: this.#deliveredAtEndBytes ?? this.#deliveredBytes(),
      chunks: this.#chunks,
    };
  }

  /** Puts a toxic in its place, on a connection that is `isFresh` or was there before. */
  add(toxic: Toxic, isFresh: boolean): void {
    const behind = this.#slots.findIndex((slot) => slot.toxic.serial > toxic.serial);
    const index = behind === -1 ? this.#slots.length : behind;
    const { hold, ended, reset } = this.#controls;
    const controls = { isFresh, settle: () => this.settle(), hold, ended, reset };
    this.#slots.splice(index, 0, new Slot(toxic, this.#receiver, controls));
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

  /** What was read; false if the memory under it is in use until it was sent. */
  #arrived(bytes: Buffer): boolean {
    this.#chunks += 1;
    if (this.#head !== this.#receiver) {
      const copy = Buffer.from(bytes);
      for (let start = 0; start < copy.length; start += longestChunkBytes) {
        this.#head.take(copy.subarray(start, start + longestChunkBytes));
      }
      return true;
    }
    const { destination } = this.#ends;
    // A receiver that is behind keeps what it is given until it is not.
    const isBehind = destination.writableLength > 0;
    this.#deliver(isBehind ? Buffer.from(bytes) : bytes);
    return isBehind || destination.writableLength === 0;
  }

  #deliver(chunk: Buffer): void {
    if (this.#isOpen && !this.#ends.destination.write(chunk)) this.#ends.source.pause();
  }

  #finish(kind: EndKind): void {
    if (this.#isOpen) this.#ends.destination.end();
    this.#isOpen = false;
    if (kind === "full" || this.#isStrict) this.#controls.close();
  }
}
