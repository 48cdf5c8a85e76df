import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/**
 * New connections are accepted, and then nothing: the upstream is not connected to, and on the upstream stream nothing is read, until the toxic is removed; then they go on. Connections
 * that are there already are spared. A real Toxiproxy does not have it.
 */
export const acceptStall: ToxicKind<never> = {
  attributes: [],
  openStage({ output }) {
    let letGo = output.hold();
    return {
      ...passThrough(output),
      isFull: () => letGo !== null,
      release: () => {
        letGo?.();
        letGo = null;
      },
    };
  },
};
