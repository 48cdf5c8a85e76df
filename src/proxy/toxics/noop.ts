import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** Changes nothing. */
export const noop: ToxicKind<never> = {
  attributes: [],
  openStage: ({ output }) => passThrough(output),
};
