import type { FaultEffect, FaultInput } from "../core/fault.ts";
import { onNodes } from "./on-nodes.ts";

/** When a node is ended and started again, in ms; `everyMs` null: once. */
interface Schedule {
  readonly afterMs: number;
  readonly downMs: number;
  readonly everyMs: number | null;
}

/** So long a node may take from its start to its first answer, in ms, before its witness gives up. */
const startMs = 10_000;

/** Each of a fault's nodes is ended and started again by a schedule; a witness must find each of them begun anew. */
export function restartNodes(input: FaultInput, schedule: (index: number) => Schedule): FaultEffect {
  const effect = onNodes(input, {
    capability: "process.restart",
    undo: "restore",
    params: (_node, index) => ({ ...schedule(index) }),
    sign: (node) => ({ sign: "restarted", node }),
  });
  const last = input.subjects.nodes.length - 1;
  const { afterMs, downMs } = schedule(Math.max(0, last));
  return { ...effect, shownWithinMs: afterMs + downMs + startMs };
}
