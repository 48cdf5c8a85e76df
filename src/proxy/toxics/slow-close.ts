import { type EndKind, passThrough } from "../stage.ts";
import { createTimer } from "../timer.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** Holds the end of its stream for `delay` ms after it came; the bytes before it pass. A changed delay counts from the change, as in the real one. */
export const slowClose: ToxicKind<"delay"> = {
  attributes: ["delay"],
  openStage({ output, setting }) {
    const timer = createTimer();
    let held: EndKind | null = null;
    const letGo = (): void => {
      timer.clear();
      if (held !== null) output.end(held);
      held = null;
    };
    const wait = (): void => (setting("delay") > 0 ? timer.set(setting("delay"), letGo) : letGo());
    return {
      ...passThrough(output),
      end: (kind) => {
        const isWaiting = held !== null;
        // A half end that becomes a full one does not wait from the start again.
        held = kind;
        if (!isWaiting) wait();
      },
      release: letGo,
      retune: () => {
        if (held !== null) wait();
      },
    };
  },
};
