import { spawnSync } from "node:child_process";
import { mkdirSync, statfsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError, systemCodeOf } from "../core/harness-error.ts";
import type { JsonObject } from "../core/json.ts";
import { traceName } from "../core/machine-traces.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import { captureEach, readEach } from "../core/read-each.ts";

/** How much the small file system of a node holds, in MiB: it lies in memory, so that a hundred nodes must find room. */
const diskMiB = 32;
const chunk = Buffer.alloc(256 * 1024);
/** A level counts as reached so near to it: blocks are not split. */
const near = 0.01;
const mountLimitMs = 5000;

/** Gives nodes a small disk each, and carries out `disk.fill` by a file of its own on it. */
export class NodeDisks implements Driver {
  readonly #run: string;
  readonly #nodes: NodeAccess;

  constructor(run: string, nodes: NodeAccess) {
    this.#run = run;
    this.#nodes = nodes;
  }

  /** Mounts a small file system on the folder of a node's data, under a name that has the run's. Throws `HarnessError` (exit 69). */
  mount(folder: string): void {
    mkdirSync(folder, { recursive: true });
    const args = ["-t", "tmpfs", "-o", `size=${diskMiB}m,mode=0755`, traceName(this.#run), folder];
    const { status, stderr } = spawnSync("mount", args, { timeout: mountLimitMs, encoding: "utf8" });
    if (status === 0) return;
    throw new HarnessError(`no small disk could be mounted for a node: ${(stderr ?? "").trim()}`, {
      code: "not-mounted",
      exit: "unavailable",
      next: "prism-chaos doctor says what this machine permits",
    });
  }

  async capture(batch: readonly Action[]): Promise<readonly JsonObject[]> {
    return captureEach(batch, (action) => ({ used: usedShare(this.#folderOf(action)) }));
  }

  async apply(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    await eachOf(batch, (action) => this.#fill(action, signal));
  }

  async remove(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => rm(this.#fileOf(action), { force: true }));
  }

  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return readEach(batch, (action) =>
      usedShare(this.#folderOf(action)) >= numberOf(action, "level") - near ? "in-force" : "absent",
    );
  }

  /** Writes until the level is reached, or nothing more goes in. */
  async #fill(action: Action, signal: AbortSignal): Promise<void> {
    const folder = this.#folderOf(action);
    const level = numberOf(action, "level");
    const file = await open(this.#fileOf(action), "a");
    try {
      for (let missing = missingBytes(folder, level); missing > 0; missing = missingBytes(folder, level)) {
        signal.throwIfAborted();
        const { bytesWritten } = await file.write(chunk, 0, Math.min(chunk.length, missing));
        if (bytesWritten === 0) return;
      }
    } catch (thrown) {
      if (systemCodeOf(thrown) !== "ENOSPC") throw thrown;
    } finally {
      await file.close();
    }
  }

  #folderOf(action: Action): string {
    return this.#nodes.dataFolderOf(nodeOf(action));
  }

  #fileOf(action: Action): string {
    return join(this.#folderOf(action), `.prism-chaos-fill.${encodeURIComponent(action.fault)}`);
  }
}

/** How much of the file system of a folder is used, from 0 to 1. */
function usedShare(folder: string): number {
  const { blocks, bfree } = statfsSync(folder);
  return 1 - bfree / blocks;
}

/** How many bytes are missing to a level; less than a block is none. */
function missingBytes(folder: string, level: number): number {
  const { blocks, bfree, bsize } = statfsSync(folder);
  return Math.max(0, Math.floor(level * blocks) - (blocks - bfree)) * bsize;
}
