import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";

/** A file as it lies there: its text, or why it could not be read. */
export interface RawFile {
  readonly file: string;
  /** Null: it could not be read, for this reason. */
  readonly text: string | null;
  readonly problem: string;
}

/** What a folder of reports holds. */
export interface RawFolder {
  readonly folder: string;
  readonly files: readonly RawFile[];
  /** Folders of runs; nothing in them is a contract file. */
  readonly runFolders: readonly string[];
  /** Folders that could not be looked through, with the reason. */
  readonly unseen: readonly { readonly folder: string; readonly problem: string }[];
}

/** Artifacts lie at most so many folders deep. */
const deepest = 6;
/** Larger files are not read, in bytes. */
const largest = 256 * 1024 * 1024;
const contractName = /^(chaos_|performance).*\.json$/i;

/** Reads every file with a contract's name below a folder. Links are not followed, folders of runs and of packages not entered. */
export function readFolder(folder: string): RawFolder {
  const found: Found = { files: [], runFolders: [], unseen: [] };
  walk(folder, 0, found);
  found.files.sort((left, right) => left.file.localeCompare(right.file));
  return { folder, ...found };
}

interface Found {
  readonly files: RawFile[];
  readonly runFolders: string[];
  readonly unseen: { folder: string; problem: string }[];
}

function walk(folder: string, depth: number, found: Found): void {
  const entries = entriesOf(folder);
  if (typeof entries === "string") {
    // A folder of reports that is not there has none: each is missing.
    if (entries !== "ENOENT") found.unseen.push({ folder, problem: entries });
    return;
  }
  if (depth > 0 && entries.some(({ name }) => name === "run.json")) {
    found.runFolders.push(folder);
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (contractName.test(entry.name)) found.files.push(readRaw(path));
    else if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) {
      if (depth < deepest) walk(path, depth + 1, found);
      else found.unseen.push({ folder: path, problem: `it lies more than ${deepest} folders deep` });
    }
  }
}

function entriesOf(folder: string): ReturnType<typeof list> | string {
  try {
    return list(folder);
  } catch (thrown) {
    return systemCodeOf(thrown) ?? messageOf(thrown);
  }
}

function list(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((left, right) => left.name.localeCompare(right.name));
}

/** Reads one file, whatever it is. */
export function readRaw(file: string): RawFile {
  const refused = (problem: string): RawFile => ({ file, text: null, problem });
  try {
    const stat = lstatSync(file);
    if (stat.isSymbolicLink()) return refused("it is a link");
    if (!stat.isFile()) return refused("it is no file");
    if (stat.size > largest) return refused(`it has ${stat.size} bytes; at most ${largest} are read`);
    return { file, text: readFileSync(file, "utf8"), problem: "" };
  } catch (thrown) {
    return refused(systemCodeOf(thrown) ?? messageOf(thrown));
  }
}
