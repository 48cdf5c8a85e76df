import { setTimeout as delay } from "node:timers/promises";

/** How often a condition is looked at, in ms. */
const everyMs = 5;

/** Waits until the look gives something (not null, not false) and gives it back. Throws, with what was waited for, when the limit (ms) is over. */
export async function eventually<T>(
  look: () => T | null | false | Promise<T | null | false>,
  wait: { readonly limitMs: number; readonly what: string },
): Promise<T> {
  const deadlineMs = performance.now() + wait.limitMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() >= deadlineMs) throw new Error(`not within ${wait.limitMs} ms: ${wait.what}`);
    await delay(everyMs);
  }
}
