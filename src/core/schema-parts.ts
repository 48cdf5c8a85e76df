import { Type } from "typebox";

/** What is told of a key by `explain`, by editors and in the docs. Every key of every language has it (a test). */
export interface KeyDescription {
  /** A sentence: what it means, for whoever writes a file. */
  readonly description: string;
  /** At least one value that may stand there. */
  readonly examples: readonly [unknown, ...unknown[]];
  /** What holds where the key is left out; absent for a key that must be there. */
  readonly default?: unknown;
  /** In words, where the value has one: `milliseconds`, `share from 0 to 1`, `requests per second`. */
  readonly "x-unit"?: string;
}

/** An object in which an unknown key is an error. */
export const closed = { additionalProperties: false } as const;

/** Text of a duration: a number with its unit. */
export const durationPattern = "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$";

/** Text of a rate: operations a second. */
export const ratePattern = "^[0-9]+(\\.[0-9]+)?/s$";

/** A duration with its unit, as `250ms`, `5s`, `2m`, `1h`. */
export function durationText(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({ pattern: durationPattern, "x-unit": "a time with its unit: ms, s, m or h", ...key });
}

/** Text of a name of ours. */
export const namePattern = "^[a-z][a-z0-9-]*$";

/** A name of ours: lower-case letters, digits and hyphens, a letter first. */
export function nameText(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({ pattern: namePattern, ...key });
}
