/** Text of a share: a number of percent. */
export const sharePattern = "^[0-9]+(\\.[0-9]+)?%$";

/** A share as people write it (`50%`, `0.1%`) as a number from 0 to 1 (more, for more than 100 %), or null if it is none. */
export function share(text: string): number | null {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text.trim())?.[1];
  return percent === undefined ? null : Number(`${percent}e-2`);
}
