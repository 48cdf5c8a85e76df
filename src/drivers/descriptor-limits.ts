import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError, systemCodeOf } from "../core/harness-error.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import { Strictest } from "../core/strictest.ts";

const programLimitMs = 5000;

/** How many descriptors a process may have open: what counts, and up to what it may raise that itself. Texts of /proc: numbers or `unlimited`. */
interface DescriptorLimit {
  readonly soft: string;
  readonly hard: string;
}

/** Carries out `process.descriptors` by util-linux's prlimit: both limits, because programs raise the soft one to the hard one when they start. */
export class DescriptorLimits implements Driver {
  readonly #program: string;
  readonly #nodes: NodeAccess;
  readonly #limits = new Strictest();
  /** What a process had before it was limited, by its pid. */
  readonly #before = new Map<number, DescriptorLimit>();

  constructor(program: string, nodes: NodeAccess) {
    this.#program = program;
    this.#nodes = nodes;
    // Whoever reads the limit then is told if this did not succeed.
    nodes.onSpawn((node) => void this.#settle(node).catch(() => undefined));
  }

  async capture(
    batch: readonly Action[],
  ): Promise<readonly { readonly soft: string | null; readonly hard: string | null }[]> {
    return batch.map((action) => {
      const process = this.#nodes.identityOf(nodeOf(action));
      const found = process === null ? null : limitOf(process);
      return { soft: found?.soft ?? null, hard: found?.hard ?? null };
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
    return batch.map((action) => {
      const process = this.#nodes.identityOf(nodeOf(action));
      // A node that is down has nothing open: what holds is what it will be started with.
      if (process === null) return this.#limits.of(nodeOf(action)) === null ? "absent" : "in-force";
      const found = limitOf(process);
      if (found === null) return "unreadable";
      return Number(found.soft) <= numberOf(action, "limit") ? "in-force" : "absent";
    });
  }

  async #settle(node: string): Promise<void> {
    const process = this.#nodes.identityOf(node);
    if (process === null) return;
    const wanted = this.#limits.of(node);
    const before = this.#before.get(process.pid) ?? limitOf(process);
    if (before === null) return;
    if (wanted === null) {
      if (this.#before.delete(process.pid)) await this.#set(process, before);
      return;
    }
    this.#before.set(process.pid, before);
    await this.#set(process, { soft: String(wanted), hard: String(wanted) });
  }

  #set({ pid }: ProcessIdentity, { soft, hard }: DescriptorLimit): Promise<void> {
    return new Promise((resolve, reject) => {
      const args = ["--pid", String(pid), `--nofile=${soft}:${hard}`];
      execFile(this.#program, args, { timeout: programLimitMs, encoding: "utf8" }, (error, _stdout, stderr) => {
        if (error === null) resolve();
        else reject(refused(`${this.#program} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      });
    });
  }
}

/** As /proc tells them; null for a process that is gone. */
function limitOf({ pid }: ProcessIdentity): DescriptorLimit | null {
  try {
    const line = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"));
    return line === null ? null : { soft: line[1] ?? "", hard: line[2] ?? "" };
  } catch (thrown) {
    if (systemCodeOf(thrown) === null) throw thrown;
    return null;
  }
}

function refused(message: string): HarnessError {
  return new HarnessError(message, {
    code: "not-limited",
    exit: "unavailable",
    next: "to raise a limit again takes root, or CAP_SYS_RESOURCE",
  });
}
