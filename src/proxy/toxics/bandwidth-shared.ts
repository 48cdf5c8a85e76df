import { SlowLine } from "../slow-line.ts";
import { outOfRange, type ToxicKind } from "../toxic-kind.ts";
import { bandwidth } from "./bandwidth.ts";

/** As `bandwidth`, but all connections of the proxy have `rate` KB a second together, and take turns. A real Toxiproxy does not have it (Shopify/toxiproxy#190). */
export const bandwidthShared: ToxicKind<"rate"> = {
  attributes: ["rate"],
  flaw: (setting) => outOfRange(setting, ["rate"]),
  openStage: (context) => bandwidth.openStage(context),
  share: () => {
    let line: SlowLine | null = null;
    return ({ output, setting, clock }) => {
      line ??= new SlowLine({ clock, rate: () => setting("rate") });
      return line.stage(output);
    };
  },
};
