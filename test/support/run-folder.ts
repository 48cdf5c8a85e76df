import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { HistoryEvent } from "../../src/core/history-event.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Report } from "../../src/core/report.ts";
import type { JournalEntry } from "../../src/keeper/journal.ts";

// Of the sources only types are used: what is read here is what stands on disk.

/** The folder of a run as it grows on disk, read without the harness. */
export class RunFolder {
  readonly path: string;
  /** The run's id. */
  readonly run: string;

  constructor(path: string) {
    this.path = path;
    this.run = basename(path);
  }

  json(file: string): unknown {
    return JSON.parse(readFileSync(join(this.path, file), "utf8"));
  }

  plan(): Plan {
    return this.json("plan.json") as Plan;
  }

  report(): Report {
    return this.json("report.json") as Report;
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  /** Whether this text stands in a file by now; cheap enough to be asked again and again of a history that grows. */
  says(file: "history.ndjson" | "undo.ndjson", text: string): boolean {
    return this.has(file) && readFileSync(join(this.path, file), "utf8").includes(text);
  }

  /** What the undo journal says. */
  journal(): readonly JournalEntry[] {
    return this.#lines("undo.ndjson") as readonly JournalEntry[];
  }

  /** The events of the history, as far as they are on disk. */
  history(): readonly HistoryEvent[] {
    return this.#lines("history.ndjson") as readonly HistoryEvent[];
  }

  /** The phases that were entered, in order. */
  phases(): readonly string[] {
    return this.history().flatMap((event) => (event.type === "phase.entered" ? [event.phase] : []));
  }

  /** Whole lines only: the last one may be under way, or torn by a kill. Any other line that is no JSON throws. */
  #lines(file: string): readonly unknown[] {
    if (!this.has(file)) return [];
    const whole = readFileSync(join(this.path, file), "utf8").split("\n").slice(0, -1);
    return whole.map((line): unknown => JSON.parse(line));
  }
}

/** The folders of runs under the folder of reports, oldest first. */
export function runFolders(out: string): readonly RunFolder[] {
  if (!existsSync(out)) return [];
  return readdirSync(out)
    .sort()
    .map((name) => join(out, name))
    .filter((folder) => existsSync(join(folder, "run.json")))
    .map((folder) => new RunFolder(folder));
}
