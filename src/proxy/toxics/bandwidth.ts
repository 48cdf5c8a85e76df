import { SlowLine } from "../slow-line.ts";
import { outOfRange, type ToxicKind } from "../toxic-kind.ts";

/**
 * Lets `rate` KB (1 KB is 1000 bytes) a second through on each connection: a chunk waits as long as it takes, then leaves; there is no credit for time in which
 * nothing came. 0 holds everything until the toxic is removed, and what waits then leaves at once.
 */
export const bandwidth: ToxicKind<"rate"> = {
  attributes: ["rate"],
  // The real one dies of it.
  flaw: (setting) => outOfRange(setting, ["rate"]),
  openStage: ({ output, setting, clock }) => new SlowLine({ clock, rate: () => setting("rate") }).stage(output),
};
