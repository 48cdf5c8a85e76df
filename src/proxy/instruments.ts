import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";

/** What a proxy measures and draws with, handed down to every part of it. */
export interface Instruments {
  readonly clock: Clock;
  /** Opens the stream of draws of that label. */
  readonly random: (label: string) => Random;
}
