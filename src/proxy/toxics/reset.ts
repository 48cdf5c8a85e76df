import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** Every live connection is reset (RST) on both sides at once, and every new one as soon as it is accepted. A real Toxiproxy does not have it. */
export const reset: ToxicKind<never> = {
  attributes: [],
  openStage({ output }) {
    output.reset();
    return passThrough(output);
  },
};
