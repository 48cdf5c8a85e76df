import type { Action } from "../core/action.ts";
import type { ExitCodeName } from "../core/exit-code.ts";
import type { BatchResult, CloseResult, NodeAddress, OpenRequest } from "../core/keeper-port.ts";

/**
 * What runner and keeper say to each other over the channel that spawning one opens. Both ends are the same program in the same version,
 * so messages are typed, not parsed; the channel's end is a message too: the runner is gone.
 */
export type Request =
  | { readonly call: "open"; readonly id: number; readonly open: OpenRequest; readonly runner: number }
  | { readonly call: "inject"; readonly id: number; readonly fault: string; readonly actions: readonly Action[] }
  | { readonly call: "heal"; readonly id: number; readonly fault: string }
  | { readonly call: "close"; readonly id: number }
  /** Renews the lease; has no answer. */
  | { readonly call: "renew" };

/** What the keeper says. `failed` carries a `HarnessError` in parts. */
export type Message =
  | { readonly kind: "opened"; readonly id: number; readonly addresses: readonly NodeAddress[] }
  | { readonly kind: "done"; readonly id: number; readonly result: BatchResult }
  | { readonly kind: "closed"; readonly id: number; readonly result: CloseResult }
  | { readonly kind: "failed"; readonly id: number; readonly error: WireError }
  /** Something of the harness's own ended by itself: the run cannot go on. */
  | { readonly kind: "lost"; readonly what: string; readonly how: string }
  /** A node ended by itself. `lastLines` is the end of its output. */
  | { readonly kind: "node-exited"; readonly node: string; readonly how: string; readonly lastLines: string };

export interface WireError {
  readonly message: string;
  readonly code: string;
  readonly exit: ExitCodeName;
  readonly next: string;
}

/** The lease: the runner renews it this often, and the keeper heals and ends by itself when it was not renewed for that long (ms). */
export const lease = { renewEveryMs: 500, lapsesAfterMs: 10_000 } as const;
