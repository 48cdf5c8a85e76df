/** Text of a size in bytes: a number with its unit. */
export const byteSizePattern = "^[0-9]+(\\.[0-9]+)?(B|KB|MB|GB|KiB|MiB|GiB)$";

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** A size as people write it (`256MiB`, `64KiB`, `1MB`) in whole bytes, or null if it is none. A unit is required. */
export function byteSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([KMG]i?B|B)$/.exec(text.trim());
  const unit = units[match?.[2] ?? ""];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}
