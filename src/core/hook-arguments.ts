import { didYouMean } from "./suggest.ts";
import type { Hook } from "./target.ts";

/** What is wrong with the names of what a hook is told: what is missing and what it does not know, as `that must be told "x"`. */
export function argumentProblems({ arguments: known }: Hook, told: readonly string[]): readonly string[] {
  const missing = known.filter((name) => !told.includes(name));
  const unknown = told.filter((name) => !known.includes(name));
  return [
    ...missing.map((name) => `that is told "${name}" (say it under arguments)`),
    ...unknown.map((name) => `that knows "${name}"${didYouMean(name, known)}`),
  ];
}
