import { statSync } from "node:fs";
import { HarnessError, messageOf } from "./harness-error.ts";

/**
 * Writes a document where it was asked for by --output. Throws `HarnessError`: exit 69 where that cannot be, 64 for a device or a pipe, which a
 * file that is written whole would stand in the place of.
 */
export function writeOutput(file: string, write: (file: string) => void): void {
  if (isNoFile(file)) {
    throw new HarnessError(`${file} is there already, and is no file; it would be lost`, {
      code: "other-file",
      exit: "usage",
      next: "give the name of a file, or leave --output away",
    });
  }
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

/** Whether a device, a pipe or a socket is there. Of a folder, and of what cannot be looked at, writing tells. */
function isNoFile(file: string): boolean {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isFile() && !stat.isDirectory();
  } catch {
    return false;
  }
}
