import { openSync, readdirSync, readFileSync, readSync, writeSync, closeSync, ftruncateSync, fstatSync } from "node:fs";
import { join } from "node:path";
import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { type Alteration, alterations, type FileChange, fileChange } from "../core/file-change.ts";
import { HarnessError, messageOf, systemCodeOf } from "../core/harness-error.ts";
import type { JsonObject } from "../core/json.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import { own } from "../core/own.ts";
import { type Random, randomStream } from "../core/random.ts";
import type { NodeFiles } from "../core/target.ts";
import { readEach } from "../core/read-each.ts";

/** What the driver works with. */
interface Parts {
  readonly nodes: NodeAccess;
  readonly files: Readonly<Record<string, NodeFiles>>;
}

/** Carries out `disk.alter`: what is altered is chosen, with what stood there, before anything is; nothing is taken back. */
export class FileAlterations implements Driver {
  readonly #parts: Parts;
  readonly #chosen = new Map<string, readonly FileChange[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async capture(batch: readonly Action[]): Promise<readonly JsonObject[]> {
    const problems = this.#chooseAll(batch.filter(({ id }) => !this.#chosen.has(id)));
    return batch.map(({ id }) => {
      const files = (this.#chosen.get(id) ?? []).map((change) => ({ ...change }));
      // One node whose files cannot be looked at does not keep the others from being altered; the act says that it had nothing.
      const notCaptured = problems.get(id);
      return notCaptured === undefined ? { files } : { files, notCaptured };
    });
  }

  async apply(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      const changes = this.#chosen.get(action.id) ?? [];
      if (changes.length === 0) throw nothingToAlter(action);
      return eachOf(changes, (change) => alter(this.#pathOf(action, change), change));
    });
  }

  /** What is altered stays so. */
  async remove(): Promise<void> {}

  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return readEach(batch, (action) => {
      const changes = this.#chosen.get(action.id) ?? [];
      return changes.some((change) => isThere(this.#pathOf(action, change), change)) ? "in-force" : "absent";
    });
  }

  /**
   * The nodes choose in turns, a file each: who holds few, all of them held by others too, is left one all the same. No file of a folder is
   * altered on two nodes at once: a replica of it must be left to repair it from. Gives who could not choose, and why.
   */
  #chooseAll(batch: readonly Action[]): ReadonlyMap<string, string> {
    const taken = new Set<string>();
    const problems = new Map<string, string>();
    let choosing = batch.map((action) => ({ id: action.id, changes: this.#changes(action, taken) }));
    for (const { id } of choosing) this.#chosen.set(id, []);
    while (choosing.length > 0) {
      choosing = choosing.filter(({ id, changes }) => {
        try {
          const { value: change } = changes.next();
          if (change === undefined) return false;
          this.#chosen.set(id, [...(this.#chosen.get(id) ?? []), change]);
          return true;
        } catch (thrown) {
          this.#chosen.delete(id);
          problems.set(id, messageOf(thrown));
          return false;
        }
      });
    }
    return problems;
  }

  /** One after the other, as far as the share goes, of files that are not taken by then. */
  *#changes(action: Action, taken: Set<string>): Generator<FileChange, undefined> {
    const spec = this.#specOf(action);
    const random = randomStream(textOf(action, "seed"), action.id);
    const data = this.#parts.nodes.dataFolderOf(nodeOf(action));
    const names = filesOf(spec, data);
    const how = alterationOf(action);
    let left = spec.place.kind === "file" ? 1 : Math.max(1, Math.round(numberOf(action, "rate") * names.length));
    for (const name of random.shuffled(names)) {
      if (left === 0) return;
      if (taken.has(name)) continue;
      const change = changeOf(how, { path: join(data, name), name, spec, random });
      if (change === null) continue;
      if (spec.place.kind === "folder") taken.add(name);
      left -= 1;
      yield change;
    }
  }

  #specOf(action: Action): NodeFiles {
    const name = textOf(action, "files");
    const spec = own(this.#parts.files, name);
    if (spec !== undefined) return spec;
    throw new TypeError(`${action.id}: the target names no files "${name}"`);
  }

  #pathOf(action: Action, { name }: FileChange): string {
    return join(this.#parts.nodes.dataFolderOf(nodeOf(action)), name);
  }
}

interface Choosing {
  readonly path: string;
  readonly name: string;
  readonly spec: NodeFiles;
  readonly random: Random;
}

/** Null also for a file that is gone meanwhile. */
function changeOf(how: Alteration, { path, name, spec, random }: Choosing): FileChange | null {
  try {
    return fileChange(how, { name, bytes: readFileSync(path), skipBytes: spec.skipBytes, random });
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return null;
    throw thrown;
  }
}

/** Names relative to the data, sorted, so that the same files give the same choice. */
function filesOf({ place }: NodeFiles, data: string): readonly string[] {
  if (place.kind === "file") return [place.file];
  const matching = new RegExp(place.match);
  return readdirSync(join(data, place.folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && matching.test(entry.name))
    .map(({ name }) => join(place.folder, name))
    .sort();
}

function alter(path: string, { offset, now, sizeBytes, thenBytes }: FileChange): void {
  const descriptor = openSync(path, "r+");
  try {
    if (thenBytes < sizeBytes) ftruncateSync(descriptor, thenBytes);
    else writeSync(descriptor, Buffer.from(now, "base64"), 0, null, offset);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a file still is as it was altered; one that was taken away or written anew is not. */
function isThere(path: string, { offset, now, sizeBytes, thenBytes }: FileChange): boolean {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, "r");
    if (thenBytes < sizeBytes) return fstatSync(descriptor).size === thenBytes;
    const wanted = Buffer.from(now, "base64");
    const found = Buffer.alloc(wanted.length);
    readSync(descriptor, found, 0, found.length, offset);
    return found.equals(wanted);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw thrown;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function alterationOf(action: Action): Alteration {
  const asked = textOf(action, "how");
  const how = alterations.find((name) => name === asked);
  if (how !== undefined) return how;
  throw new TypeError(`${action.id} says no way in which files are altered`);
}

function textOf({ id, params }: Action, name: string): string {
  const value = params[name];
  if (typeof value === "string") return value;
  throw new TypeError(`${id} says no ${name}`);
}

function nothingToAlter({ id }: Action): HarnessError {
  return new HarnessError(`${id}: there is no file with anything in it that could be altered so`, {
    code: "nothing-to-alter",
    exit: "unavailable",
    next: "let the scenario's traffic write such files first, or look at `files` of the target file",
  });
}
