import { newPace, type Pace, slowStage } from "../slow-line.ts";
import type { Stage } from "../stage.ts";
import { outOfRange, type StageContext, type ToxicKind } from "../toxic-kind.ts";

/** As `bandwidth`, but all connections of the proxy have `rate` KB a second together. A real Toxiproxy does not have it (Shopify/toxiproxy#190). */
export const bandwidthShared: ToxicKind<"rate"> = {
  attributes: ["rate"],
  flaw: (setting) => outOfRange(setting, ["rate"]),
  openStage: (context) => sharing(newPace())(context),
  share: () => sharing(newPace()),
};

function sharing(pace: Pace): (context: StageContext<"rate">) => Stage {
  return ({ output, setting, clock }) => slowStage({ output, clock, rate: () => setting("rate"), pace });
}
