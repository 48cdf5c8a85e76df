import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** Lets exactly `bytes` bytes of its stream through, counted per connection since the toxic was put on it, then closes the connection. */
export const limitData: ToxicKind<"bytes"> = {
  attributes: ["bytes"],
  openStage({ output, setting }) {
    let passedBytes = 0;
    let isOver = false;
    return {
      ...passThrough(output),
      take: (chunk) => {
        if (isOver) return;
        const part = chunk.subarray(0, Math.max(0, setting("bytes") - passedBytes));
        if (part.length > 0) output.pass(part);
        passedBytes += part.length;
        if (passedBytes < setting("bytes")) return;
        isOver = true;
        output.endByToxic();
      },
    };
  },
};
