import { accessSync, constants, mkdirSync } from "node:fs";
import { HarnessError } from "./harness-error.ts";

/** Makes a folder, with those above it, unless it is there. Throws `HarnessError` (exit 64) if it cannot be made or written to. */
export function writableFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (thrown) {
    throw new HarnessError(`${folder} is no folder that can be written to`, {
      code: "unwritable-folder",
      exit: "usage",
      next: "give another one, as --out reports",
      cause: thrown,
    });
  }
}
