import { HarnessError } from "./harness-error.ts";

/** What was given for a flag or argument; undefined where nothing was. Throws `HarnessError` (exit 64) for an empty text: a variable that nobody set, and no choice. */
export function given(text: string | undefined, name: string): string | undefined {
  if (text === undefined || text.trim() !== "") return text;
  throw new HarnessError(`${name} is empty`, {
    code: "empty-value",
    exit: "usage",
    next: `give ${name} a value, or leave it away; a variable that is not set gives an empty one`,
  });
}
