import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { systemCodeOf } from "../core/harness-error.ts";
import type { JsonObject } from "../core/json.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import { captureEach, readEach } from "../core/read-each.ts";

/** Wall clocks of nodes that were started with libfaketime: each reads by how much it is off in a file of its own. */
export class NodeClocks implements Driver {
  readonly #library: string;
  readonly #folder: string;
  /** What each action wants, by node: the last one holds. */
  readonly #wanted = new Map<string, Map<string, number>>();

  constructor(library: string, folder: string) {
    this.#library = library;
    this.#folder = folder;
  }

  /** What a node's environment needs, so that its clock can be put wrong later; it goes right until then. Monotonic time is left alone. */
  environmentOf(node: string): Readonly<Record<string, string>> {
    mkdirSync(this.#folder, { recursive: true });
    this.#set(node, 0);
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#fileOf(node),
      FAKETIME_NO_CACHE: "1",
      // Two names: libfaketime knows the one since 0.9.10, the other before.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    };
  }

  async capture(batch: readonly Action[]): Promise<readonly JsonObject[]> {
    return captureEach(batch, (action) => ({ offset: this.#read(nodeOf(action)) }));
  }

  async apply(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      const node = nodeOf(action);
      const wanted = this.#wanted.get(node) ?? new Map<string, number>();
      this.#wanted.set(node, wanted.set(action.id, numberOf(action, "offsetMs")));
      this.#settle(node);
    });
  }

  async remove(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      if (this.#wanted.get(nodeOf(action))?.delete(action.id) === true) this.#settle(nodeOf(action));
    });
  }

  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return readEach(batch, (action) => {
      const found = this.#read(nodeOf(action));
      if (found === null) return "unreadable";
      return found === offsetText(numberOf(action, "offsetMs")) ? "in-force" : "absent";
    });
  }

  #settle(node: string): void {
    this.#set(node, [...(this.#wanted.get(node)?.values() ?? [])].at(-1) ?? 0);
  }

  #set(node: string, offsetMs: number): void {
    writeFileSync(this.#fileOf(node), offsetText(offsetMs));
  }

  #read(node: string): string | null {
    try {
      return readFileSync(this.#fileOf(node), "utf8");
    } catch (thrown) {
      if (systemCodeOf(thrown) === "ENOENT") return null;
      throw thrown;
    }
  }

  #fileOf(node: string): string {
    return join(this.#folder, node);
  }
}

/** As libfaketime reads it: seconds with a sign. */
function offsetText(offsetMs: number): string {
  return `${offsetMs < 0 ? "-" : "+"}${(Math.abs(offsetMs) / 1000).toFixed(3)}s`;
}
