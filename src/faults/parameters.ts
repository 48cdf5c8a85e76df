import { Type } from "typebox";
import { byteSize, byteSizePattern } from "../core/byte-size.ts";
import { durationMs } from "../core/duration.ts";
import { durationPattern, type KeyDescription } from "../core/schema-parts.ts";
import { share, sharePattern } from "../core/share.ts";

// The kinds of parameters that several faults have: texts with a unit, and the numbers that they stand for.

/** A fault without parameters, or with these alone. */
export const closed = { additionalProperties: false } as const;

/** A time with its unit. */
export function timeParam(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({ pattern: durationPattern, "x-unit": "a time with its unit: ms, s, m or h", ...key });
}

/** A size with its unit. */
export function sizeParam(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({
    pattern: byteSizePattern,
    "x-unit": "a size with its unit: B, KB, MB, GB, KiB, MiB or GiB",
    ...key,
  });
}

/** A share in percent. */
export function shareParam(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({ pattern: sharePattern, "x-unit": "a share in percent", ...key });
}

/** A time in ms; the schema has made sure that the text is one, and 0 is what is left out. */
export function timeMs(text: string | undefined): number {
  return durationMs(text ?? "") ?? 0;
}

/** A size in bytes, by a schema as `timeMs`. */
export function sizeBytes(text: string): number {
  return byteSize(text) ?? 0;
}

/** A share as a number, 1 for 100 %, by a schema as `timeMs`. */
export function shareOf(text: string): number {
  return share(text) ?? 0;
}
