import { closeSync, createReadStream, existsSync, fsyncSync, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { HarnessError } from "../core/harness-error.ts";
import { createHistory } from "../core/history-columns.ts";
import type { HistoryEvent } from "../core/history-event.ts";
import type { History } from "../core/history.ts";
import { parseJson } from "../core/json.ts";
import { isHistoryEvent } from "./history-schema.ts";

/** How long an event may wait in memory before it is written, in ms: at most that much is missing after a kill. */
const flushEveryMs = 20;

/** Appends events to a history file, one JSON document a line, in small batches. */
export class HistoryFile {
  readonly #descriptor: number;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string) {
    this.#descriptor = openSync(file, "a");
  }

  append(event: HistoryEvent): void {
    this.#pending.push(JSON.stringify(event));
    this.#timer ??= setTimeout(() => this.#write(), flushEveryMs);
  }

  /** Everything until now is on disk when it returns. */
  sync(): void {
    this.#write();
    fsyncSync(this.#descriptor);
  }

  close(): void {
    this.sync();
    closeSync(this.#descriptor);
  }

  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    writeSync(this.#descriptor, `${this.#pending.join("\n")}\n`);
    this.#pending = [];
  }
}

/** Reads a history file. A torn last line, as a kill leaves it, is passed over; any other bad line throws `HarnessError` (exit 12). */
export async function readHistory(file: string): Promise<History> {
  if (!existsSync(file)) throw unusable(`${file}: there is no such file`);
  const history = createHistory();
  let torn: string | null = null;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (torn !== null) throw unusable(torn);
    const parsed = parseJson(line)?.value;
    if (isHistoryEvent(parsed)) appendChecked(history, parsed, `${file}:${number}`);
    else torn = `${file}:${number}: this line is no event of a history`;
  }
  return history;
}

function appendChecked(history: ReturnType<typeof createHistory>, event: HistoryEvent, place: string): void {
  try {
    history.append(event);
  } catch (thrown) {
    throw unusable(`${place}: ${thrown instanceof Error ? thrown.message : "does not fit"}`);
  }
}

function unusable(message: string): HarnessError {
  return new HarnessError(message, {
    code: "unusable-history",
    exit: "unusable",
    next: "the evidence of this run cannot be used; run the scenario again",
  });
}
