import { passThrough } from "../stage.ts";
import { createTimer } from "../timer.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/**
 * Waits for the first bytes, or the end, of its stream, drops them, and after `timeout` ms resets the connection on both sides. Removed in
 * between, it resets at once, because bytes are missing already. Unlike the real one it resets live connections as well as new ones, and
 * leaves no trace when it is gone (Shopify/toxiproxy#603).
 */
export const resetPeer: ToxicKind<"timeout"> = {
  attributes: ["timeout"],
  openStage({ output, setting }) {
    const timer = createTimer();
    let isArmed = false;
    const arm = (): void => {
      if (isArmed) return;
      isArmed = true;
      if (setting("timeout") > 0) timer.set(setting("timeout"), () => output.reset());
      else output.reset();
    };
    return {
      ...passThrough(output),
      take: arm,
      end: arm,
      release: () => {
        timer.clear();
        if (isArmed) output.reset();
      },
    };
  },
};
