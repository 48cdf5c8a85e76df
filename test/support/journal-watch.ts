import { existsSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../../src/keeper/journal.ts";
import type { RunFolder } from "./run-folder.ts";

/** What the journal says at the moment of a write: whole entries, and how often it was written to since it was watched. */
export interface Written {
  readonly entries: readonly JournalEntry[];
  readonly writes: number;
}

/** Calls at each write to a run's journal, in the turn in which the system tells of it: the writer may not have got to its fsync. Ends by the function that it gives. */
export function watchJournal(folder: RunFolder, onWrite: (written: Written) => void): () => void {
  let writes = 0;
  const file = join(folder.path, "undo.ndjson");
  const tell = (): void => {
    if (!existsSync(file)) return;
    writes += 1;
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    onWrite({ entries: lines.map((line) => JSON.parse(line) as JournalEntry), writes });
  };
  const watcher = watch(folder.path, (_kind, name) => {
    if (name === "undo.ndjson") tell();
  });
  // What was written before anybody watched counts as one write.
  tell();
  return () => watcher.close();
}
