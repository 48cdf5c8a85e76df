import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/**
 * Everything is lost, the end of the stream too: nobody hears anything, for as long as it lasts. Removing it closes the connection, because bytes are missing from
 * it. A real Toxiproxy does not have it; its `timeout` of 0 passes a close on.
 */
export const blackhole: ToxicKind<never> = {
  attributes: [],
  openStage({ output }) {
    return {
      ...passThrough(output),
      take: () => {},
      end: () => {},
      release: () => {},
      removed: () => output.endByToxic(),
    };
  },
};
