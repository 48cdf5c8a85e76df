import { lazily } from "../../core/lazily.ts";
import { type Random, randomStream } from "../../core/random.ts";
import { type EndKind, passThrough } from "../stage.ts";
import { createTimer } from "../timer.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** How many chunks are on their way at most, as in the real one; a chunk is one read, up to 64 KiB. */
const longestQueue = 1024;

type Held =
  | { readonly kind: "bytes"; readonly chunk: Buffer; readonly arrivedMs: number; readonly jitterMs: number }
  | { readonly kind: "end"; readonly end: EndKind };

/** Delays each chunk by `latency` ± `jitter` ms, counted from its arrival. Order is kept; the end of the stream waits only for bytes in front of it. */
export const latency: ToxicKind<"latency" | "jitter" | "seed"> = {
  attributes: ["latency", "jitter"],
  extras: ["seed"],
  openStage(context) {
    const { output, setting, clock } = context;
    // By a seed of its own each connection has the same delays again, whatever the proxy is called.
    const seeded = lazily(() => randomStream(String(setting("seed")), "jitter"));
    const random = (): Random => (setting("seed") === 0 ? context.random() : seeded());
    const queue: Held[] = [];
    const timer = createTimer();
    const dueMs = (held: Held): number =>
      held.kind === "end" ? -Infinity : held.arrivedMs + setting("latency") + held.jitterMs;
    const handOn = (held: Held): void => (held.kind === "end" ? output.end(held.end) : output.pass(held.chunk));
    const advance = (): void => {
      timer.clear();
      const nowMs = clock.nowMs();
      const waiting = queue.findIndex((held) => dueMs(held) > nowMs);
      const isDone = queue.splice(0, waiting === -1 ? queue.length : waiting);
      isDone.forEach(handOn);
      const head = queue[0];
      if (head !== undefined) timer.set(dueMs(head) - nowMs, advance);
      if (isDone.length > 0) output.settle();
    };
    const enqueue = (held: Held): void => {
      queue.push(held);
      if (queue.length === 1) advance();
      if (queue.length >= longestQueue) output.settle();
    };
    return {
      ...passThrough(output),
      take: (chunk) =>
        enqueue({
          kind: "bytes",
          chunk,
          arrivedMs: clock.nowMs(),
          jitterMs: drawnJitterMs(random, setting("jitter")),
        }),
      end: (end) => enqueue({ kind: "end", end }),
      isFull: () => queue.length >= longestQueue,
      release: () => {
        timer.clear();
        queue.splice(0).forEach(handOn);
      },
      retune: () => {
        // As in the real one: the chunk in the timer goes now, those behind it follow by the new delay.
        queue.splice(0, 1).forEach(handOn);
        advance();
      },
    };
  },
};

/** A whole number of ms from -jitter to jitter - 1, as in the real one. */
function drawnJitterMs(random: () => Random, jitterMs: number): number {
  return jitterMs > 0 ? Math.floor(random().fraction() * 2 * jitterMs) - jitterMs : 0;
}
