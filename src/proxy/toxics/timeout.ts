import { type EndKind, passThrough } from "../stage.ts";
import { createTimer } from "../timer.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/**
 * Drops all data and closes the connection after `timeout` ms without new data; 0 means never. Removing the toxic closes the connection,
 * because bytes are missing from it.
 */
export const timeout: ToxicKind<"timeout"> = {
  attributes: ["timeout"],
  openStage({ output, setting }) {
    const timer = createTimer();
    let ended: EndKind | null = null;
    const restart = (): void => {
      if (setting("timeout") > 0) timer.set(setting("timeout"), () => output.end("full"));
      else timer.clear();
    };
    restart();
    return {
      ...passThrough(output),
      take: restart,
      end: (kind) => {
        ended = kind;
      },
      release: () => {
        timer.clear();
        // Only the toxicity may have changed: the stream goes on, and must not wait for an end that was already here.
        if (ended !== null) output.end(ended);
      },
      retune: restart,
      removed: () => output.end("full"),
    };
  },
};
