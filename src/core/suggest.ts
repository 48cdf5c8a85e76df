import { distance } from "fastest-levenshtein";

/** The known name that a mistyped one most likely means, or null when none is near (more than a third of it would have to change). */
export function nearest(typed: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.ceil(typed.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(typed, candidate);
    if (far < bestDistance) [best, bestDistance] = [candidate, far];
  }
  return best;
}

/** " (did you mean X?)", or the known names when nothing is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const near = nearest(typed, known);
  return near === null ? `; known: ${[...known].sort().join(", ")}` : ` (did you mean ${near}?)`;
}
