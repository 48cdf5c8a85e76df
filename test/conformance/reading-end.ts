import type { Socket } from "node:net";
import { eventually } from "../support/eventually.ts";

/** Bytes that one read gave. */
export interface Arrival {
  readonly atMs: number;
  readonly chunk: Buffer;
}

/** How a stream ended: `fin` is an orderly end, `reset` a RST. */
export interface StreamEnd {
  readonly kind: "fin" | "reset";
  readonly atMs: number;
}

/** One end of a connection; everything that arrives at it is noted with its time. */
export interface ReadingEnd {
  readonly socket: Socket;
  readonly arrivals: readonly Arrival[];
  /** All bytes so far. */
  received(): Buffer;
  /** How many bytes there are so far. */
  receivedBytes(): number;
  /** Null as long as the stream goes on. */
  end(): StreamEnd | null;
  /** Waits for so many bytes in all, and tells when the last of them came. Throws if the stream ends before, or after 10 s. */
  untilBytes(count: number): Promise<number>;
  /** Waits for the end of the stream. Throws after the limit, 10 s unless said. */
  untilEnd(limitMs?: number): Promise<StreamEnd>;
}

/** Reads from a socket and notes what comes. */
export function readFrom(socket: Socket): ReadingEnd {
  const arrivals: Arrival[] = [];
  let total = 0;
  let ended: StreamEnd | null = null;
  const note = (kind: StreamEnd["kind"]): void => {
    ended ??= { kind, atMs: performance.now() };
  };
  socket.on("data", (chunk: Buffer) => {
    total += chunk.length;
    arrivals.push({ atMs: performance.now(), chunk });
  });
  socket.on("end", () => note("fin"));
  socket.on("error", () => note("reset"));
  socket.on("close", () => note("reset"));
  return {
    socket,
    arrivals,
    received: () => Buffer.concat(arrivals.map(({ chunk }) => chunk)),
    receivedBytes: () => total,
    end: () => ended,
    async untilBytes(count) {
      await eventually(
        () => {
          if (total < count && ended !== null) throw new Error(`the stream ended (${ended.kind}) after ${total} bytes`);
          return total >= count;
        },
        { limitMs: 10_000, what: `${count} bytes` },
      );
      return timeOfByte(arrivals, count);
    },
    untilEnd: (limitMs = 10_000) => eventually(() => ended, { limitMs, what: `the end, after ${total} bytes` }),
  };
}

/** When byte number `count` came. */
function timeOfByte(arrivals: readonly Arrival[], count: number): number {
  let seen = 0;
  for (const { atMs, chunk } of arrivals) {
    seen += chunk.length;
    if (seen >= count) return atMs;
  }
  throw new Error(`there is no byte ${count}`);
}
