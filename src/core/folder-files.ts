import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { messageOf, systemCodeOf } from "./harness-error.ts";
import type { FoundFile } from "./manifest.ts";

/** Files are read in pieces of so many bytes: histories are long. */
const pieceBytes = 1024 * 1024;

/** Every file below a folder with its size and SHA-256, except these paths; links are not followed, and told as what they are. */
export function filesBelow(folder: string, except: readonly string[] = []): readonly FoundFile[] {
  const below = (part: string): readonly FoundFile[] => {
    const names = namesIn(join(folder, part));
    if (typeof names === "string") return [{ path: part, problem: names }];
    return names.flatMap((name) => {
      const path = part === "" ? name : `${part}/${name}`;
      if (except.includes(path)) return [];
      return lstatSync(join(folder, path), { throwIfNoEntry: false })?.isDirectory() === true
        ? below(path)
        : [fileAt(folder, path)];
    });
  };
  return below("");
}

function namesIn(folder: string): readonly string[] | string {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    return systemCodeOf(thrown) ?? messageOf(thrown);
  }
}

/** One file of a folder, as it is now. */
export function fileAt(folder: string, path: string): FoundFile {
  try {
    const stat = lstatSync(join(folder, path));
    if (stat.isSymbolicLink()) return { path, problem: "it is a link" };
    if (!stat.isFile()) return { path, problem: "it is no file" };
    return { path, ...digestOf(join(folder, path)) };
  } catch (thrown) {
    return { path, problem: systemCodeOf(thrown) ?? messageOf(thrown) };
  }
}

function digestOf(file: string): { readonly bytes: number; readonly sha256: string } {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  const descriptor = openSync(file, "r");
  try {
    let bytes = 0;
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece)) {
      hash.update(piece.subarray(0, read));
      bytes += read;
    }
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}
