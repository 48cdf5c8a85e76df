import { distance } from "fastest-levenshtein";
import { printable } from "./printable.ts";

/** Longer than any name of ours: what is this long was no slip of the finger. */
const longestTyped = 64;
/** So many known names are listed where nothing is near. */
const mostListed = 40;

/**
 * The known name that a mistyped one most likely means, or null when none is near: the same but for case and separators, one that it
 * begins (of at least three letters), or one of which at most a third would have to change.
 */
export function nearest(typed: string, known: readonly string[]): string | null {
  if (typed.length > longestTyped || typed === "") return null;
  const plain = plainly(typed);
  const same = known.find((candidate) => plainly(candidate) === plain);
  if (same !== undefined) return same;
  const allowed = plain.length <= 3 ? 1 : Math.max(2, Math.ceil(plain.length / 3));
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const candidate of known) {
    // Nothing of a short name would be left.
    const other = plainly(candidate);
    // Letters in another order are one slip, though less likely one than a single wrong letter.
    const isTransposed = lettersOf(plain) === lettersOf(other);
    const far = Math.min(distance(plain, other), isTransposed ? 1.5 : Infinity);
    if (far < bestDistance && far < Math.min(plain.length, other.length)) [best, bestDistance] = [candidate, far];
  }
  if (best !== null || plain.length < 3) return best;
  return known.find((candidate) => plainly(candidate).startsWith(plain)) ?? null;
}

/** " (did you mean X?)", or the known names when nothing is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const near = nearest(typed, known);
  if (near !== null) return ` (did you mean ${printable(near)}?)`;
  if (known.length === 0) return "; there are none";
  const listed = [...known].sort().slice(0, mostListed).map(printable).join(", ");
  return `; known: ${listed}${known.length > mostListed ? " …" : ""}`;
}

function lettersOf(name: string): string {
  return name.split("").sort().join("");
}

function plainly(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}
