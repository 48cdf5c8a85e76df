import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
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
  | { readonly entry: "injecting"; readonly atMs: number; readonly action: Action; readonly captured: JsonObject }
  /** `altered`: it cannot be taken back, and its files are still as it made them; they are the system's to repair, or go with the target. */
  | { readonly entry: "injected" | "healing" | "healed" | "altered"; readonly atMs: number; readonly action: string }
  | { readonly entry: "disposed"; readonly atMs: number; readonly residue: readonly string[] };

const fileName = "undo.ndjson";

/** The one writer of a run's journal. */
export class Journal {
  readonly #descriptor: number;

  constructor(folder: string) {
    this.#descriptor = openSync(join(folder, fileName), "a");
  }

  /** Appends a batch with one write and one fsync; when it returns, the batch is on disk. */
  append(batch: readonly JournalEntry[]): void {
    if (batch.length === 0) return;
    writeSync(this.#descriptor, batch.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads the journal in a run's folder; empty if there is none. A torn last line, as a kill leaves it, is passed over. */
export function readJournal(folder: string): readonly JournalEntry[] {
  const file = join(folder, fileName);
  if (!existsSync(file)) return [];
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
