import type { Action, Reading } from "./action.ts";
import { messageOf } from "./harness-error.ts";
import type { JsonObject } from "./json.ts";

/** Reads every action of a batch: one that cannot be read is unreadable, and does not keep the others from being read. */
export function readEach(batch: readonly Action[], read: (action: Action) => Reading): readonly Reading[] {
  return batch.map((action) => {
    try {
      return read(action);
    } catch {
      // Why it cannot be read is told by whoever acts on it; a reading has no words.
      return "unreadable";
    }
  });
}

/** The same of what is captured of each: where it cannot be, that and why. */
export function captureEach(batch: readonly Action[], capture: (action: Action) => JsonObject): readonly JsonObject[] {
  return batch.map((action) => {
    try {
      return capture(action);
    } catch (thrown) {
      return { notCaptured: messageOf(thrown) };
    }
  });
}
