/** The longest delay that a Node timer carries; a longer one would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/** At most one thing to do later. */
export interface Timer {
  /** Runs `action` after `delayMs` (clamped to 0 … 2³¹ - 1), in place of what was set before. */
  set(delayMs: number, action: () => void): void;
  clear(): void;
}

/** A timer at rest. */
export function createTimer(): Timer {
  let pending: NodeJS.Timeout | null = null;
  const clear = (): void => {
    if (pending !== null) clearTimeout(pending);
    pending = null;
  };
  return {
    set: (delayMs, action) => {
      clear();
      pending = setTimeout(action, Math.min(Math.max(Math.ceil(delayMs), 0), longestDelayMs));
    },
    clear,
  };
}
