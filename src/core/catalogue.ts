import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The scenario or target files of a folder, by the name under which they are asked for (their file name without its ending). */
export function catalogueFiles(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder).filter((file) => /\.(ya?ml|json)$/.test(file));
  return new Map(files.sort().map((file) => [file.replace(/\.[^.]+$/, ""), join(folder, file)]));
}
