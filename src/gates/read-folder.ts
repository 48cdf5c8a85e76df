import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, systemCodeOf } from "../core/harness-error.ts";
import { manifestFileName } from "../core/manifest.ts";
import { chaosClasses } from "../core/scenario.ts";
import { type EvidenceKind, kindByName, kindOfText, mayBeEvidence } from "./evidence-kind.ts";

/** A file as it lies there: its text, or why it could not be read. */
export interface RawFile {
  readonly file: string;
  /** Null: it could not be read, for this reason. */
  readonly text: string | null;
  readonly problem: string;
}

/** A contract file, told by its name or, under any other name, by what it holds. */
export interface ContractFile extends RawFile {
  readonly kind: EvidenceKind;
}

/** What a folder of reports holds. */
export interface RawFolder {
  readonly folder: string;
  readonly files: readonly ContractFile[];
  /** Files that hold the same as one of these, byte for byte: they count once. */
  readonly copies: readonly { readonly file: string; readonly of: string }[];
  /** Manifests that lie in folders of reports, not of runs. */
  readonly manifests: readonly RawFile[];
  /** Folders of runs; nothing in them is a contract file. */
  readonly runFolders: readonly string[];
  /** Folders that could not be looked through, with the reason. */
  readonly unseen: readonly { readonly folder: string; readonly problem: string }[];
}

/** Artifacts lie at most so many folders deep. */
const deepest = 6;
/** Larger files are not read, in bytes. */
const largest = 256 * 1024 * 1024;
/** So much of a file of another name is looked at first, in bytes: a contract file says within it what it is. */
const headBytes = 64 * 1024;

/**
 * Reads every contract file below a folder, whatever it is called and whatever folders it landed in. Links are not followed, folders of runs
 * and of packages not entered.
 */
export function readFolder(folder: string): RawFolder {
  const found: Found = { files: [], manifests: [], runFolders: [], unseen: [], head: Buffer.allocUnsafe(headBytes) };
  walk(folder, 0, found);
  const { manifests, runFolders, unseen } = found;
  const sorted = found.files.sort((left, right) => left.file.localeCompare(right.file));
  const first = new Map<string, string>();
  const copies: { file: string; of: string }[] = [];
  for (const { file, kind, text } of sorted) {
    if (text === null) continue;
    // The same under the names of two classes is wrong in one of them.
    const named = chaosClasses.filter((name) => basename(file).includes(name));
    const content = createHash("sha256")
      .update(JSON.stringify([kind, named]))
      .update(text)
      .digest("hex");
    const of = first.get(content);
    if (of === undefined) first.set(content, file);
    else copies.push({ file, of });
  }
  const copied = new Set(copies.map(({ file }) => file));
  const files = sorted.filter(({ file }) => !copied.has(file));
  return { folder, files, copies, manifests, runFolders, unseen };
}

interface Found {
  readonly files: ContractFile[];
  readonly manifests: RawFile[];
  /** Where heads of files are read into, one after another. */
  readonly head: Buffer;
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
    // A run leaves no such file: a run.json that strayed here must not hide it.
    const hidden = entries.find(({ name }) => kindByName(name) !== null);
    if (hidden !== undefined) found.unseen.push({ folder, problem: `a run.json stands beside ${hidden.name}` });
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const kind = kindByName(entry.name);
    if (kind !== null) found.files.push({ ...readRaw(path), kind });
    else if (entry.name === manifestFileName && !entry.isDirectory()) found.manifests.push(readRaw(path));
    else if (entry.isFile()) lookInto(path, found);
    else if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) {
      if (depth < deepest) walk(path, depth + 1, found);
      else found.unseen.push({ folder: path, problem: `it lies more than ${deepest} folders deep` });
    }
  }
}

/** A file of any other name: evidence if that is what it holds. What says so and is torn is evidence that was damaged. */
function lookInto(file: string, { files, head }: Found): void {
  if (!file.toLowerCase().endsWith(".json")) return;
  try {
    const descriptor = openSync(file, "r");
    try {
      const read = readSync(descriptor, head, 0, headBytes, 0);
      if (!mayBeEvidence(head.subarray(0, read))) return;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Nothing says that it is evidence; what is asked for and not there is missed by its class.
    return;
  }
  const raw = readRaw(file);
  const kind = kindOfText(raw.text ?? "");
  if (kind !== null) files.push({ ...raw, kind });
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
