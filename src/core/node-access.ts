import type { ProcessIdentity } from "./process-identity.ts";

/** The nodes that a run has started, as those see them who act on processes from outside. */
export interface NodeAccess {
  readonly nodes: readonly string[];
  /** Its process now; null: it is down. */
  identityOf(node: string): ProcessIdentity | null;
  /** Absolute path of its data. Throws `TypeError` for a node that is none of the run's. */
  dataFolderOf(node: string): string;
  /** Told of each process as soon as it is started. */
  onSpawn(listener: (node: string, process: ProcessIdentity) => void): void;
  /** Keeps a node stopped for this reason, as long as there is one; one without process stays as it is. */
  stop(node: string, reason: string): void;
  /** Takes a reason back; the node goes on when it was the last. */
  letGo(node: string, reason: string): void;
}
