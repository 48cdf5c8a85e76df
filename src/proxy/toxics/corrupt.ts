import { type Random, randomStream } from "../../core/random.ts";
import { passThrough } from "../stage.ts";
import type { ToxicKind } from "../toxic-kind.ts";

/** In how many chunks of a million. */
const whole = 1_000_000;

/**
 * Changes one byte in `rate` chunks of a million, drawn from `seed` and the chunk's number in its connection: always the same ones for the same
 * seed. A real Toxiproxy does not have it.
 */
export const corrupt: ToxicKind<"rate" | "seed"> = {
  attributes: ["rate", "seed"],
  openStage({ output, setting }) {
    let random: Random | null = null;
    return {
      ...passThrough(output),
      take: (chunk) => {
        random ??= randomStream(String(setting("seed")), "corrupt");
        if (random.fraction() * whole < setting("rate")) output.pass(altered(chunk, random));
        else output.pass(chunk);
      },
    };
  },
};

/** A copy with one byte that is another: what was read may still be somebody else's. */
function altered(chunk: Buffer, random: Random): Buffer {
  const copy = Buffer.from(chunk);
  const place = random.int(0, copy.length - 1);
  copy.writeUInt8((copy.readUInt8(place) + random.int(1, 255)) % 256, place);
  return copy;
}
