const unitsBytes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  KiB: 1024,
  MB: 1_000_000,
  MiB: 1024 ** 2,
  GB: 1_000_000_000,
  GiB: 1024 ** 3,
};

/** The units of sizes: those with an i are powers of 1024, the others of 1000. */
export const byteUnits: readonly string[] = Object.keys(unitsBytes);

/** Text of a size in bytes: a number with its unit. */
export const byteSizePattern = "^[0-9]+(\\.[0-9]+)?(B|KB|KiB|MB|MiB|GB|GiB)$";

/** A size as people write it (`256MiB`, `4KiB`, `1.5GB`) in bytes, rounded down, or null if it is none. The unit is required. */
export function byteSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([KMG]?i?B)$/.exec(text.trim());
  const unit = unitsBytes[match?.[2] ?? ""];
  return match === null || unit === undefined ? null : Math.floor(Number(match[1]) * unit);
}

/** A size in bytes for people: `256 MiB`, `4 KiB`, `12 B`. */
export function formatBytes(bytes: number): string {
  const steps = ["B", "KiB", "MiB", "GiB"];
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 1024 ** step;
  return `${Number(amount.toFixed(amount < 10 ? 2 : 1))} ${steps[step] ?? "B"}`;
}
