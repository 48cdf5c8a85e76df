/** What went one way so far. */
export interface Traffic {
  readonly receivedBytes: number;
  /** Those that the system has taken for the receiver. */
  readonly deliveredBytes: number;
  /** Reads that brought something. */
  readonly chunks: number;
}

/** Nothing so far. */
export const noTraffic: Traffic = { receivedBytes: 0, deliveredBytes: 0, chunks: 0 };

/** Both together. */
export function sumOfTraffic(left: Traffic, right: Traffic): Traffic {
  return {
    receivedBytes: left.receivedBytes + right.receivedBytes,
    deliveredBytes: left.deliveredBytes + right.deliveredBytes,
    chunks: left.chunks + right.chunks,
  };
}

/**
 * Why a connection ended, by what came first: `unreachable` is an upstream that could not be connected to, `proxy` a proxy that was disabled, changed or
 * deleted.
 */
export type CloseCause =
  "client-closed" | "client-reset" | "server-closed" | "server-reset" | "unreachable" | "toxic" | "proxy";
