import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Action, Driver, Reading } from "../core/action.ts";
import { systemClock } from "../core/clock.ts";
import { childEnvironment, runTag } from "../core/environment.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { NodeAccess } from "../core/node-access.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import { until } from "../core/wait.ts";
import { giveWay, identify, isAlive, processState, signalProcess } from "./proc.ts";

/** How long a signal may take to show, in ms. A killed process is gone in well under 0.5 s (measured: 200 at once). */
const signalLimitMs = 5000;

/** A node's process: how it is started, and where its output goes. */
export interface NodeProcess {
  readonly node: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
}

/** A node that ended although nobody ended it. */
export interface NodeExit {
  readonly node: string;
  readonly code: number | null;
  readonly signal: string | null;
}

interface Held {
  readonly process: NodeProcess;
  child: ChildProcess | null;
  identity: ProcessIdentity | null;
  /** Ids of the actions that keep it down, and of those that keep it stopped: it comes back when the last one is removed. */
  readonly kills: Set<string>;
  readonly pauses: Set<string>;
}

/** Owns the processes of nodes: starts them, and carries out `process.kill` and `process.pause`. */
export class NodeProcesses implements Driver, NodeAccess {
  readonly #run: string;
  readonly #onExit: (exit: NodeExit) => void;
  readonly #nodes = new Map<string, Held>();
  readonly #listeners: ((node: string, process: ProcessIdentity) => void)[] = [];
  #disposing = false;

  constructor(run: string, onExit: (exit: NodeExit) => void) {
    this.#run = run;
    this.#onExit = onExit;
  }

  get nodes(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  identityOf(node: string): ProcessIdentity | null {
    const held = this.#nodes.get(node);
    return held !== undefined && this.#isUp(held) ? held.identity : null;
  }

  dataFolderOf(node: string): string {
    const held = this.#nodes.get(node);
    if (held !== undefined) return held.process.dataFolder;
    throw new TypeError(`${node} is no node of this run`);
  }

  onSpawn(listener: (node: string, process: ProcessIdentity) => void): void {
    this.#listeners.push(listener);
  }

  stop(node: string, reason: string): void {
    const held = this.#nodes.get(node);
    held?.pauses.add(reason);
    if (held !== undefined) this.#signal(held, "SIGSTOP");
  }

  letGo(node: string, reason: string): void {
    const held = this.#nodes.get(node);
    if (held?.pauses.delete(reason) === true && held.pauses.size === 0) this.#signal(held, "SIGCONT");
  }

  /** Starts a node for the first time. Its readiness is for others to see. */
  start(process: NodeProcess): ProcessIdentity {
    mkdirSync(process.dataFolder, { recursive: true });
    mkdirSync(dirname(process.logFile), { recursive: true });
    const held: Held = { process, child: null, identity: null, kills: new Set(), pauses: new Set() };
    this.#nodes.set(process.node, held);
    return this.#spawn(held);
  }

  async capture(
    batch: readonly Action[],
  ): Promise<readonly { readonly pid: number | null; readonly running: boolean }[]> {
    return batch.map((action) => {
      const { identity } = this.#held(action);
      return { pid: identity?.pid ?? null, running: identity !== null && isAlive(identity) };
    });
  }

  async apply(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    for (const action of batch) {
      const held = this.#held(action);
      if (action.capability === "process.kill") held.kills.add(action.id);
      else held.pauses.add(action.id);
      this.#signal(held, action.capability === "process.kill" ? "SIGKILL" : "SIGSTOP");
    }
    await this.#settled(batch, "in-force", signal);
  }

  async remove(batch: readonly Action[], signal: AbortSignal): Promise<void> {
    const back = async (action: Action): Promise<void> => {
      const held = this.#held(action);
      if (held.pauses.delete(action.id) && held.pauses.size === 0) this.#signal(held, "SIGCONT");
      if (held.kills.has(action.id)) await this.#revive(held, action, signal);
    };
    // A node that cannot be started again does not keep the others down.
    const failure = await eachOf(batch, back).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await this.#settled(batch, "absent", signal);
    if (failure !== null) throw failure;
  }

  async read(batch: readonly Action[]): Promise<readonly Reading[]> {
    return batch.map((action) => this.#readOne(action));
  }

  #readOne(action: Action): "in-force" | "absent" {
    const held = this.#held(action);
    if (action.capability === "process.kill") return this.#isUp(held) ? "absent" : "in-force";
    return held.identity !== null && processState(held.identity.pid)?.state === "T" ? "in-force" : "absent";
  }

  /** Ends every node for good. */
  async dispose(signal: AbortSignal): Promise<void> {
    this.#disposing = true;
    for (const held of this.#nodes.values()) this.#signal(held, "SIGKILL");
    const all = [...this.#nodes.values()];
    await until(() => all.every((held) => !this.#isUp(held)), { clock: systemClock, signal, limitMs: signalLimitMs });
  }

  async #settled(batch: readonly Action[], wanted: "in-force" | "absent", signal: AbortSignal): Promise<void> {
    const overlaid = (held: Held, action: Action): boolean =>
      wanted === "absent" && (action.capability === "process.kill" ? held.kills.size > 0 : held.pauses.size > 0);
    const isSettled = (): boolean =>
      batch.every((action) => overlaid(this.#held(action), action) || this.#readOne(action) === wanted);
    await until(isSettled, { clock: systemClock, signal, limitMs: signalLimitMs, everyMs: 1 });
  }

  /** A kill that was broken off may still be under way: the node is started again when it is dead, or it would be taken for alive and then die. */
  async #revive(held: Held, { id }: Action, signal: AbortSignal): Promise<void> {
    const isDead = (): boolean => !this.#isUp(held);
    await until(() => isDead() || !held.kills.has(id), {
      clock: systemClock,
      signal,
      limitMs: signalLimitMs,
      everyMs: 1,
    });
    held.kills.delete(id);
    if (held.kills.size === 0 && isDead()) this.#spawn(held);
  }

  #spawn(held: Held): ProcessIdentity {
    const { node, program, arguments: args, environment, logFile } = held.process;
    const log = openSync(logFile, "a");
    const child = spawn(program, args, {
      stdio: ["ignore", log, log],
      // A group of its own: a signal to the terminal's group must not reach nodes.
      detached: true,
      env: childEnvironment({ ...environment, [runTag]: this.#run }),
    });
    closeSync(log);
    held.child = child;
    // Without this a program that cannot be started would end the keeper; the missing pid is told below.
    child.on("error", () => undefined);
    child.on("exit", (code, signal) => {
      const wanted = held.kills.size > 0 || this.#disposing || held.child !== child;
      if (!wanted) this.#onExit({ node, code, signal });
    });
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (child.pid !== undefined) giveWay(child.pid);
    held.identity = identity;
    // It goes on standing still if it is held so for any reason.
    if (identity !== null && held.pauses.size > 0) this.#signal(held, "SIGSTOP");
    if (identity !== null) for (const listener of this.#listeners) listener(node, identity);
    if (identity !== null) return identity;
    throw new HarnessError(`node ${node} could not be started: ${program}`, {
      code: "node-not-started",
      exit: "unavailable",
      next: `check that the program exists and may be executed; its output is in ${logFile}`,
    });
  }

  #signal(held: Held, signal: NodeJS.Signals): void {
    if (held.identity !== null) signalProcess(held.identity, signal);
  }

  #isUp(held: Held): boolean {
    return held.identity !== null && isAlive(held.identity);
  }

  #held(action: Action): Held {
    const held = action.subject.kind === "node" ? this.#nodes.get(action.subject.node) : undefined;
    if (held !== undefined) return held;
    throw new TypeError(`${action.id} does not name a node of this run`);
  }
}
