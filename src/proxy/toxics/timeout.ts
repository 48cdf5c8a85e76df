import { passThrough } from "../stage.ts";
import { createTimer } from "../timer.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/**
 * Drops all data and closes the connection after `timeout` ms without new data; 0 means never. A close that comes is passed on. Removing the toxic closes
 * the connection, because bytes are missing from it.
 */
export const timeout: ToxicKind<"timeout"> = {
  attributes: ["timeout"],
  openStage({ output, setting }) {
    const timer = createTimer();
    const restart = (): void => {
      if (setting("timeout") > 0) timer.set(setting("timeout"), () => output.endByToxic());
      else timer.clear();
    };
    restart();
    return {
      ...passThrough(output),
      take: restart,
      // The real one closes both sides when one has ended.
      end: () => output.end("full"),
      release: () => timer.clear(),
      retune: restart,
      removed: () => output.endByToxic(),
    };
  },
};
