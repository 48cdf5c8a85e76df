import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of draws that depends on nothing but the seed and the label it was opened with. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** From 0 (included) to 1 (excluded). */
  fraction(): number;
  /** A new array of the same items in drawn order. */
  shuffled<T>(items: readonly T[]): readonly T[];
}

/** Opens the stream `label` of a seed. Streams of different labels are independent, so that one more draw in one place moves no other. */
export function randomStream(seed: string, label: string): Random {
  const generator = xoroshiro128plus(createHash("sha256").update(`${seed}\n${label}`).digest().readInt32BE(0));
  const int = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    int,
    fraction: () => uniformFloat64(generator),
    shuffled: (items) =>
      items
        .map((item) => ({ item, draw: uniformFloat64(generator) }))
        .sort((left, right) => left.draw - right.draw)
        .map(({ item }) => item),
  };
}

/** The seed of one repetition: derived, so that any single one can be run again by itself. 8 hexadecimal digits. */
export function repetitionSeed(seriesSeed: string, repetition: number): string {
  return createHash("sha256").update(`${seriesSeed}\nrepetition ${repetition}`).digest("hex").slice(0, 8);
}

/** A fresh seed for a run to which none was given. 8 hexadecimal digits. */
export function freshSeed(): string {
  return globalThis.crypto.randomUUID().slice(0, 8);
}
