import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { Events } from "./events.ts";
import type { Ledger } from "./ledger.ts";

/** What a proxy measures, draws and tells with, handed down to every part of it. */
export interface Instruments {
  readonly clock: Clock;
  /** Opens the stream of draws of that label. */
  readonly random: (label: string) => Random;
  readonly events: Events;
  readonly ledger: Ledger;
  /** Whether the end of one direction ends a connection, as in the real one. */
  readonly isStrict: boolean;
}
