import { type EndKind, passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/**
 * Bytes wait: nothing is lost and nothing closes. Reading stops, so that back-pressure reaches the sender, and a close of the sender is
 * passed on after the waiting bytes, when the stall is lifted. A real Toxiproxy does not have it.
 */
export const stall: ToxicKind<never> = {
  attributes: [],
  openStage({ output }) {
    /** What a stage in front, or a read that was under way, still hands over. */
    const waiting: (Buffer | EndKind)[] = [];
    return {
      ...passThrough(output),
      take: (chunk) => void waiting.push(chunk),
      end: (kind) => void waiting.push(kind),
      isFull: () => true,
      release: () => {
        for (const item of waiting.splice(0)) {
          if (typeof item === "string") output.end(item);
          else output.pass(item);
        }
      },
    };
  },
};
