import { HarnessError, messageOf } from "./harness-error.ts";

/** Writes a document where it was asked for by --output. Throws `HarnessError` (exit 69) where that cannot be. */
export function writeOutput(file: string, write: (file: string) => void): void {
  try {
    write(file);
  } catch (thrown) {
    throw new HarnessError(`${file} could not be written: ${messageOf(thrown)}`, {
      code: "not-written",
      exit: "unavailable",
      next: "name another file with --output",
      cause: thrown,
    });
  }
}
