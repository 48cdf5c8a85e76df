import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { HarnessError } from "./harness-error.ts";

/**
 * The scenario or target files of a folder, or one file, by the name under which they are asked for (their file name without its ending).
 * Throws `HarnessError` (exit 64) for a path that is not there.
 */
export function catalogueFiles(folder: string): ReadonlyMap<string, string> {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new HarnessError(`${folder}: there is no such folder or file`, {
      code: "no-such-folder",
      exit: "usage",
      next: "correct it in prism-chaos.config.yaml",
    });
  }
  if (found.isFile()) return new Map([[basename(folder).replace(/\.[^.]+$/, ""), folder]]);
  const files = readdirSync(folder).filter((file) => /\.(ya?ml|json)$/.test(file));
  return new Map(files.sort().map((file) => [file.replace(/\.[^.]+$/, ""), join(folder, file)]));
}
