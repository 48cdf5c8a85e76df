import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeJsonAtomic } from "./atomic-file.ts";
import { messageOf, systemCodeOf } from "./harness-error.ts";
import { isObject, parseJson } from "./json.ts";
import { type Manifest, manifestFileName, manifestShape } from "./manifest.ts";

/** What stands where a folder's manifest should be. */
export type StoredManifest =
  | { readonly kind: "absent" }
  | {
      readonly kind: "unreadable";
      readonly text: string;
      /** Whether it is another tool's file of that name. */
      readonly isForeign: boolean;
    }
  | {
      readonly kind: "read";
      readonly manifest: Manifest;
      /** Of the file's text, in hexadecimal. */
      readonly sha256: string;
    };

/** Larger manifests are none, in bytes: some 200 000 files. */
const largest = 64 * 1024 * 1024;

/** The manifest in a folder, as it stands there. */
export function readManifest(folder: string): StoredManifest {
  const file = join(folder, manifestFileName);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return { kind: "absent" };
  try {
    const stat = lstatSync(file);
    if (stat.isSymbolicLink()) return unreadable("it is a link");
    if (!stat.isFile()) return unreadable("it is no file");
    if (stat.size > largest) return unreadable(`it has ${stat.size} bytes`);
    return manifestIn(readFileSync(file, "utf8"));
  } catch (thrown) {
    return unreadable(systemCodeOf(thrown) ?? messageOf(thrown));
  }
}

/** The manifest in a text. */
export function manifestIn(text: string): Exclude<StoredManifest, { readonly kind: "absent" }> {
  const value = parseJson(text)?.value;
  if (value === undefined) return unreadable("it is no JSON, or only a part of it");
  if (manifestShape.is(value)) {
    const paths = value.files.map(({ path }) => path);
    if (new Set(paths).size < paths.length) return unreadable("it lists a file twice");
    return { kind: "read", manifest: value, sha256: createHash("sha256").update(text).digest("hex") };
  }
  const [first] = manifestShape.errors(value);
  const problem = `it is no manifest: ${first?.instancePath ?? ""} ${first?.message ?? ""}`;
  const isForeign = isObject(value) && !(Object.hasOwn(value, "files") && Object.hasOwn(value, "of"));
  return { kind: "unreadable", text: problem, isForeign };
}

/** A manifest of ours that cannot be read. */
export function unreadable(text: string): Extract<StoredManifest, { readonly kind: "unreadable" }> {
  return { kind: "unreadable", text, isForeign: false };
}

/** Writes a folder's manifest in place of an older one. */
export function writeManifest(folder: string, manifest: Manifest): void {
  writeJsonAtomic(join(folder, manifestFileName), manifest);
}

/** Whether a folder is that of a run. */
export function isRunFolder(folder: string): boolean {
  return existsSync(join(folder, "run.json"));
}
