import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** Resolves after `ms`; rejects at once with the signal's reason when it aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await delay(Math.max(0, ms), undefined, { signal }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw thrown;
  });
}

/** How a wait for a condition is bounded. */
export interface WaitBounds {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limitMs: number;
  /** How often the condition is looked at; 10 ms unless said. */
  readonly everyMs?: number;
}

/** Looks at a condition again and again until it holds (true) or the limit is over (false). Rejects when the signal aborts. */
export async function until(holds: () => boolean | Promise<boolean>, bounds: WaitBounds): Promise<boolean> {
  const deadlineMs = bounds.clock.nowMs() + bounds.limitMs;
  while (!(await holds())) {
    if (bounds.clock.nowMs() >= deadlineMs) return false;
    await pause(bounds.everyMs ?? 10, bounds.signal);
  }
  return true;
}

/** A signal that aborts when any of these does, or after `ms`. */
export function within(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.round(ms)))]);
}
