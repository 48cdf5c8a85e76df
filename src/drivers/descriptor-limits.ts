import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError, systemCodeOf } from "../core/harness-error.ts";
import type { JsonObject } from "../core/json.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import { Strictest } from "../core/strictest.ts";
import { captureEach, readEach } from "../core/read-each.ts";

const programLimitMs = 5000;

/** Programs may raise their soft limit to the hard one when they start: so long after it is set again, in ms. */
const startedMs = 1000;

/**
 * Carries out `process.descriptors` by util-linux's prlimit. Only the soft limit is changed: it is the one that counts, and the hard one could
 * not be raised again without a privilege of its own.
 */
export class DescriptorLimits implements Driver {
  readonly #program: string;
  readonly #nodes: NodeAccess;
  readonly #limits = new Strictest();
  /** What a process had before it was limited, by its pid. */
  readonly #before = new Map<number, string>();

  constructor(program: string, nodes: NodeAccess) {
    this.#program = program;
    this.#nodes = nodes;
    // Whoever reads the limit then is told if this did not succeed.
    const again = (node: string): void => void this.#settle(node).catch(() => undefined);
    nodes.onSpawn((node) => {
      if (this.#limits.of(node) === null) return;
      again(node);
      setTimeout(() => again(node), startedMs).unref();
    });
  }

  async capture(batch: readonly Action[]): Promise<readonly JsonObject[]> {
    return captureEach(batch, (action) => {
      const process = this.#nodes.identityOf(nodeOf(action));
      return { soft: process === null ? null : softLimitOf(process) };
    });
  }

  async apply(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, (action) => {
      this.#limits.want(nodeOf(action), action.id, numberOf(action, "limit"));
      return this.#settle(nodeOf(action));
    });
  }

  async remove(batch: readonly Action[]): Promise<void> {
    await eachOf(batch, async (action) => {
      const node = nodeOf(action);
      if (this.#limits.forget(node, action.id)) await this.#settle(node);
    });
  }

  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return readEach(batch, (action) => {
      const process = this.#nodes.identityOf(nodeOf(action));
      // A node that is down has nothing open: what holds is what it will be started with.
      if (process === null) return this.#limits.of(nodeOf(action)) === null ? "absent" : "in-force";
      const found = softLimitOf(process);
      if (found === null) return "unreadable";
      return Number(found) <= numberOf(action, "limit") ? "in-force" : "absent";
    });
  }

  async #settle(node: string): Promise<void> {
    const process = this.#nodes.identityOf(node);
    if (process === null) return;
    const wanted = this.#limits.of(node);
    const before = this.#before.get(process.pid) ?? softLimitOf(process);
    if (before === null) return;
    if (wanted === null) {
      if (this.#before.delete(process.pid)) await this.#set(process, before);
      return;
    }
    this.#before.set(process.pid, before);
    await this.#set(process, String(wanted));
  }

  #set({ pid }: ProcessIdentity, soft: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const args = ["--pid", String(pid), `--nofile=${soft}:`];
      execFile(this.#program, args, { timeout: programLimitMs, encoding: "utf8" }, (error, _stdout, stderr) => {
        if (error === null) resolve();
        else reject(refused(`${this.#program} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      });
    });
  }
}

/** A number or `unlimited`, as /proc tells it; null for a process that is gone. */
function softLimitOf({ pid }: ProcessIdentity): string | null {
  try {
    return /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1] ?? null;
  } catch (thrown) {
    if (systemCodeOf(thrown) === null) throw thrown;
    return null;
  }
}

function refused(message: string): HarnessError {
  return new HarnessError(message, {
    code: "not-limited",
    exit: "unavailable",
    next: "prism-chaos doctor says what this machine permits",
  });
}
