import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Action } from "../core/action.ts";
import { type JsonObject, parseJson } from "../core/json.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";

/** One line of the undo journal: what is about to be done is on disk before it is done. Times are ms on the harness's clock. */
export type JournalEntry =
  | {
      readonly entry: "opened";
      readonly atMs: number;
      readonly run: string;
      readonly keeper: ProcessIdentity;
      /** URL of a proxy that is not ours, and on which we therefore remove what we made. */
      readonly foreignProxy: string | null;
    }
  /** The target ran before: what is in force on it is taken back by its own operations, which are in this file. */
  | { readonly entry: "foreign"; readonly atMs: number; readonly targetFile: string }
  | { readonly entry: "spawned"; readonly atMs: number; readonly what: string; readonly process: ProcessIdentity }
  /** A container of the run's name is started, or about to be. */
  | { readonly entry: "contained"; readonly atMs: number }
  | { readonly entry: "injecting"; readonly atMs: number; readonly action: Action; readonly captured: JsonObject }
  /** `altered`: it cannot be taken back, and its files are still as it made them; they are the system's to repair, or go with the target. */
  | { readonly entry: "injected" | "healing" | "healed" | "altered"; readonly atMs: number; readonly action: string }
  | { readonly entry: "disposed"; readonly atMs: number; readonly residue: readonly string[] };

const fileName = "undo.ndjson";

/**
 * The one writer of a run's journal, in the run's folder. It has a second name, or where that cannot be a copy, beside the index of open runs: so it
 * is there to heal from also when the folder was removed.
 */
export class Journal {
  readonly #descriptors: readonly number[];

  constructor(folder: string, copy: string | null = null) {
    const file = join(folder, fileName);
    const own = folder !== "" && existsSync(folder) ? [openSync(file, "a")] : [];
    const isOne = copy === null || (own.length > 0 && isSecondName(file, copy));
    this.#descriptors = isOne ? own : [...own, openSync(copy, "a")];
  }

  /** Appends a batch with one write and one fsync; when it returns, the batch is on disk. */
  append(batch: readonly JournalEntry[]): void {
    if (batch.length === 0) return;
    const lines = batch.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    for (const descriptor of this.#descriptors) {
      writeSync(descriptor, lines);
      fsyncSync(descriptor);
    }
  }

  close(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }
}

/** Makes the copy a second name of the file, if it can be one: on another file system it cannot. */
function isSecondName(file: string, copy: string): boolean {
  if (!existsSync(file)) return false;
  try {
    if (!existsSync(copy)) linkSync(file, copy);
    return statSync(file).ino === statSync(copy).ino;
  } catch {
    return false;
  }
}

/** Reads the journal in a run's folder, or its copy where that is gone; empty if there is neither. A torn last line, as a kill leaves it, is passed over. */
export function readJournal(folder: string, copy: string | null = null): readonly JournalEntry[] {
  // Of a run that is in no index nobody knows the folder.
  const own = folder === "" ? [] : [join(folder, fileName)];
  const file = [...own, ...(copy === null ? [] : [copy])].find((one) => existsSync(one));
  if (file === undefined) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .map(parseJson)
    .flatMap((line) => (line !== null && isEntry(line.value) ? [line.value] : []));
}

/** The journal is written by this program alone; a line that is no entry was torn. */
function isEntry(value: unknown): value is JournalEntry {
  return typeof value === "object" && value !== null && "entry" in value && "atMs" in value;
}

/** An action that was begun, with what was captured before. */
export interface Injection {
  readonly action: Action;
  readonly captured: JsonObject;
}

/** What was begun and is not healed, in the order of its injection. */
export function openInjections(entries: readonly JournalEntry[]): readonly Injection[] {
  const open = new Map<string, Injection>();
  for (const entry of entries) {
    if (entry.entry === "injecting") open.set(entry.action.id, entry);
    if (entry.entry === "healed" || entry.entry === "altered") open.delete(entry.action);
  }
  return [...open.values()].map(({ action, captured }) => ({ action, captured }));
}

/** The actions of those. */
export function openActions(entries: readonly JournalEntry[]): readonly Action[] {
  return openInjections(entries).map(({ action }) => action);
}
