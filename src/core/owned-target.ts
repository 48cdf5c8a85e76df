import type { Driver } from "./action.ts";
import type { Capability } from "./capability.ts";
import type { NodeAddress, OpenRequest } from "./keeper-port.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** A target at work here: started here and disposed of here, or one that ran before and goes on. */
export interface OwnedTarget {
  /** It ran before: what cannot be taken back from it stays there. Absent: it is ours, and goes away as a whole. */
  readonly isForeign?: boolean;
  readonly addresses: readonly NodeAddress[];
  driver(capability: Capability): Driver;
  /** Ends everything that was started and removes the nodes' data; harmless when repeated. */
  dispose(signal: AbortSignal): Promise<void>;
}

/** What whoever starts a target wants to hear of, as it happens. */
export interface StartObserver {
  spawned(what: string, process: ProcessIdentity): void;
  /** A container is about to be started, by the run's name. */
  contained(): void;
  /** Something of the harness's own, without which it cannot go on, ended although nobody ended it. */
  lost(what: string, how: string): void;
  /** A node ended although nobody ended it. */
  exited(exit: { readonly node: string; readonly how: string; readonly lastLines: string }): void;
}

/** Starts the target of a request. Throws `HarnessError` (exit 64, 69); what was started by then is disposed of first. */
export type StartTarget = (request: OpenRequest, observer: StartObserver, signal: AbortSignal) => Promise<OwnedTarget>;

/** What is asked of the operating system about processes. */
export interface ProcessTable {
  identify(pid: number): ProcessIdentity | null;
  isAlive(process: ProcessIdentity): boolean;
  /** Every process that carries the tag of this run, or of any run (null). */
  tagged(run: string | null): readonly (ProcessIdentity & { readonly run: string; readonly command: string })[];
  /** The keeper of this run if one runs on this machine, whoever's index the run is in. */
  keeperOf(run: string): ProcessIdentity | null;
  /** Ends exactly this process at once; false if it is gone already. */
  kill(process: ProcessIdentity): boolean;
}
