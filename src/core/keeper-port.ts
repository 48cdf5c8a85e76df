import type { Action } from "./action.ts";
import type { Capability } from "./capability.ts";
import type { JsonObject } from "./json.ts";
import type { LinkProxyServer } from "./link-proxy.ts";
import type { Plan } from "./plan.ts";

/** Where a node answers: host and port of each port that the target names. */
export interface NodeAddress {
  readonly node: string;
  readonly host: string;
  readonly ports: Readonly<Record<string, number>>;
}

/** Result of a batch of changes: when the first began and the last was read back (ms on the harness's clock), and how many hold. */
export interface BatchResult {
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly actions: number;
  readonly inForce: number;
  /** Of a healing: actions that cannot be taken back and still show, beside those of `inForce`; the system may repair them, or goes away with them. */
  readonly altered: number;
  /** What was captured of the actions that cannot be taken back, by their ids. */
  readonly captured: Readonly<Record<string, JsonObject>>;
  /** What went wrong, one sentence for each action that could not be done or read. */
  readonly problems: readonly string[];
}

/** What opening a target needs. */
export interface OpenRequest {
  readonly runId: string;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** Which nodes there are, who votes and who joins later, the links between them, the defect that they start with: all that a target is opened by. */
  readonly plan: Pick<Plan, "nodes" | "voters" | "joiners" | "links" | "target">;
  /** What will be done to it, as far as its nodes must be started for that (their disk, their clock). */
  readonly prepare: readonly Capability[];
  /** Absolute path of the target file. */
  readonly targetFile: string;
  /** On which server the proxies of the links stand: started by the keeper, or there already. */
  readonly proxy: LinkProxyServer;
}

/** What is left after closing; an empty list of residue is a clean end. */
export interface CloseResult {
  readonly residue: readonly string[];
}

/**
 * The one owner of effects, as the engine sees it. It lives in a process of its own and outlives the runner long enough to heal. Every
 * call rejects with a `HarnessError` once the keeper is gone or the lease has lapsed.
 */
export interface Keeper {
  open(request: OpenRequest): Promise<readonly NodeAddress[]>;
  inject(fault: string, actions: readonly Action[]): Promise<BatchResult>;
  heal(fault: string): Promise<BatchResult>;
  /** Heals what is still in force, disposes of what we own, reads back, ends the process. */
  close(): Promise<CloseResult>;
  /** Rejects (never resolves) when the keeper ends before it was closed. */
  readonly lost: Promise<never>;
}
