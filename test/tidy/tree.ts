import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A source file of the tree: path from the root, and text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export const root = join(import.meta.dirname, "..", "..");

/** Every TypeScript file below these folders. */
export function sourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) => walk(join(root, folder)));
}

function walk(folder: string): readonly SourceFile[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return path.endsWith(".ts") ? [{ path: relative(root, path), text: readFileSync(path, "utf8") }] : [];
  });
}

/** The module specifiers that a file imports or re-exports. */
export function importsOf({ text }: SourceFile): readonly string[] {
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}
