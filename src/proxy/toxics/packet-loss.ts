import { passThrough } from "../stage.ts";
import { outOfRange, type ToxicKind } from "../toxic-kind.ts";

/**
 * Drops a chunk (what was read at once, up to 32 KiB) with probability `loss_rate`; with probability `correlation` a chunk shares the fate of the one before it,
 * so that losses come in bursts and the share that is lost stays the same. Both are 0 to 1. Bytes are missing from the stream then, which TCP never does by
 * itself: for protocols that find and repair gaps. Toxiproxy has it in versions after 2.12.
 */
export const packetLoss: ToxicKind<"loss_rate" | "correlation"> = {
  attributes: ["loss_rate", "correlation"],
  fractions: ["loss_rate", "correlation"],
  absent: { loss_rate: 0.1 },
  flaw: (setting) => outOfRange(setting, ["loss_rate", "correlation"], 1),
  openStage({ output, setting, random }) {
    let wasLost: boolean | null = null;
    const isLost = (): boolean => {
      const isSame = wasLost !== null && random().fraction() < setting("correlation");
      return isSame ? wasLost === true : random().fraction() < setting("loss_rate");
    };
    return {
      ...passThrough(output),
      take: (chunk) => {
        wasLost = isLost();
        if (!wasLost) output.pass(chunk);
      },
    };
  },
};
