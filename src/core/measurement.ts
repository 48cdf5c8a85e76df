import type { Spread } from "./spread.ts";
import type { Track } from "./track.ts";

/** The unit of a measure: ms, a share from 0 to 1, how many, or how many a second. */
export const units = ["ms", "ratio", "count", "per-second"] as const;
export type Unit = (typeof units)[number];

/**
 * A number with its bracket, or the reason why there is none. `low` is what the observations prove at least, `high` at most; a limit is held
 * against the worse end. `beyond`: it had not happened when waiting ended, so it breaks every upper limit below that. Never 0 for absent.
 */
export type Measurement =
  | {
      readonly kind: "measured";
      readonly measure: string;
      readonly unit: Unit;
      readonly low: number;
      readonly high: number;
      /** How finely it could be told, in ms; null where that has no meaning. */
      readonly resolutionMs: number | null;
      /** How many samples it rests on. */
      readonly samples: number;
      readonly note: string;
      /** Of a time: what it was told from, and can be computed again from. */
      readonly tracks?: readonly Track[];
      /** Of a rank among many: the samples themselves. */
      readonly spread?: Spread;
      /** Of a rate: how many in each whole second. */
      readonly perSecond?: readonly number[];
    }
  | {
      readonly kind: "beyond";
      readonly measure: string;
      readonly unit: Unit;
      /** It was waited this long. */
      readonly atLeast: number;
      readonly note: string;
      readonly tracks?: readonly Track[];
      readonly spread?: Spread;
    }
  | { readonly kind: "not-measured"; readonly measure: string; readonly unit: Unit; readonly reason: string };

/** Measures of which more is better; of all times, and of what is lost or refused, less is. */
export const highIsBetter: readonly string[] = ["uptime.ratio", "throughput.rate", "writes.acknowledged"];

/** The end of what was measured that is worse for the system: it may be as bad as that. */
export function worseEnd({
  measure,
  low,
  high,
}: Pick<Extract<Measurement, { kind: "measured" }>, "measure" | "low" | "high">): number {
  return highIsBetter.includes(measure) ? low : high;
}
