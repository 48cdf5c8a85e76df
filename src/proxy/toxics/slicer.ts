import type { Random } from "../../core/random.ts";
import { type EndKind, passThrough } from "../stage.ts";
import { createTimer } from "../timer.ts";
import { outOfRange, type ToxicKind } from "../toxic-kind.ts";

/** A chunk on its way, and how much of it has left. */
interface Sliced {
  readonly chunk: Buffer;
  /** Where its pieces end. */
  readonly ends: number[];
  start: number;
}

/**
 * Cuts chunks into pieces of about `average_size` ± `size_variation` bytes by halving them until they are small enough, as the real one does, and waits `delay`
 * µs after each. A timer has a resolution of 1 ms: what it is late is made up for by the pieces that follow.
 */
export const slicer: ToxicKind<"average_size" | "size_variation" | "delay"> = {
  attributes: ["average_size", "size_variation", "delay"],
  // The real one dies of each (Shopify/toxiproxy#541).
  flaw: (setting) => {
    if (setting("average_size") < 1) return `average_size is ${setting("average_size")}; it is 1 or more`;
    return outOfRange(setting, ["size_variation"], setting("average_size"));
  },
  openStage({ output, setting, random, clock }) {
    const queue: (Sliced | EndKind)[] = [];
    const timer = createTimer();
    /** When the next piece may leave, by the delays and not by the timer. */
    let freeAtMs = 0;
    const handOnRest = (item: Sliced | EndKind): void => {
      if (typeof item === "string") output.end(item);
      else output.pass(item.chunk.subarray(item.start));
    };
    const sendPiece = (item: Sliced): void => {
      const end = item.ends.shift() ?? item.chunk.length;
      if (end > item.start) output.pass(item.chunk.subarray(item.start, end));
      item.start = end;
      freeAtMs += setting("delay") / 1000;
    };
    const advance = (): void => {
      timer.clear();
      for (let item = queue[0]; item !== undefined; item = queue[0]) {
        const waitMs = freeAtMs - clock.nowMs();
        if (waitMs > 0) return timer.set(waitMs, advance);
        if (typeof item !== "string") sendPiece(item);
        else output.end(item);
        if (typeof item === "string" || item.start === item.chunk.length) queue.shift();
      }
      output.settle();
    };
    const enqueue = (item: Sliced | EndKind): void => {
      queue.push(item);
      if (queue.length > 1) return;
      freeAtMs = Math.max(freeAtMs, clock.nowMs());
      advance();
      if (queue.length > 0) output.settle();
    };
    return {
      ...passThrough(output),
      take: (chunk) => enqueue({ chunk, ends: cuts(chunk.length, setting, random), start: 0 }),
      end: enqueue,
      isFull: () => queue.length > 0,
      release: () => {
        timer.clear();
        queue.splice(0).forEach(handOnRest);
      },
      retune: () => {
        // As in the real one: the rest of the chunk under the knife goes now, in one piece.
        queue.splice(0, 1).forEach(handOnRest);
        freeAtMs = 0;
        advance();
      },
    };
  },
};

/** Where the pieces of a chunk of that length end, in order. */
function cuts(
  lengthBytes: number,
  setting: (attribute: "average_size" | "size_variation") => number,
  random: () => Random,
): number[] {
  const average = setting("average_size");
  const variation = setting("size_variation");
  const ends: number[] = [];
  const parts = [{ start: 0, end: lengthBytes }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { start, end } = part;
    if (end - start - average <= variation) {
      ends.push(end);
      continue;
    }
    const drawn = variation > 0 ? random().int(-variation, variation - 1) : 0;
    const middle = start + Math.floor((end - start) / 2) + drawn;
    // The left half is cut first, so that the pieces come in their order.
    parts.push({ start: middle, end }, { start, end: middle });
  }
  return ends;
}
