import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Something to send at a time. */
export interface Sending {
  /** Counted from the first call, in ms. */
  readonly afterMs: number;
  readonly bytes: string | Buffer;
}

/** Sends each at its time, and gives back when each was sent. */
export async function sendTimed(socket: Socket, sendings: readonly Sending[]): Promise<readonly number[]> {
  const startedMs = performance.now();
  const sentMs: number[] = [];
  for (const { afterMs, bytes } of sendings) {
    const aheadMs = startedMs + afterMs - performance.now();
    if (aheadMs > 0) await delay(aheadMs);
    sentMs.push(performance.now());
    socket.write(bytes);
  }
  return sentMs;
}

/** Bytes of which every four are their own place, so that a lost, doubled or moved one shows. */
export function numberedBytes(count: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(count / 4) * 4);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(at, at);
  return bytes.subarray(0, count);
}
