import { byteSize } from "../core/byte-size.ts";
import type { Evidenced } from "../core/check.ts";
import type { EventOf } from "../core/history-event.ts";
import { sampleValue } from "../core/probe.ts";
import { type Held, heldFaults } from "../core/under-fault.ts";

/** The memory that a node was seen to use while it was limited, in bytes. */
export interface MemorySeen {
  readonly node: string;
  readonly limitBytes: number;
  readonly mostBytes: number;
  /** When it used the most, in ms since the run's start. */
  readonly atMs: number;
  readonly samples: number;
  readonly fault: Held;
}

/** How much memory each limited node was seen to use while the limit was in force. */
export function memorySeen({ plan, history }: Evidenced): readonly MemorySeen[] {
  const limits = heldFaults(plan, history, "memory-limit");
  const samples = Map.groupBy(
    [...history.eventsOf("probe.sampled")].filter(({ probe, error }) => probe === "metrics" && error === null),
    ({ node }) => node,
  );
  return limits.flatMap((fault) => {
    const { limit } = fault.step.params;
    const limitBytes = typeof limit === "string" ? (byteSize(limit) ?? 0) : 0;
    return fault.nodes.map((node) => seenOf(node, samples.get(node) ?? [], { fault, limitBytes }));
  });
}

/** Nodes that were given tasks. */
export function taskedNodes({ history }: Evidenced): readonly string[] {
  return [...new Set([...history.eventsOf("task.ended")].map(({ node }) => node))].sort();
}

function seenOf(
  node: string,
  samples: readonly EventOf<"probe.sampled">[],
  { fault, limitBytes }: { readonly fault: Held; readonly limitBytes: number },
): MemorySeen {
  let [mostBytes, atMs, count] = [0, fault.fromMs, 0];
  for (const sample of samples) {
    const memory = sampleValue(sample, "memory");
    if (sample.sentMs < fault.fromMs || sample.atMs > fault.toMs || typeof memory !== "number") continue;
    count += 1;
    if (memory > mostBytes) [mostBytes, atMs] = [memory, sample.atMs];
  }
  return { node, limitBytes, mostBytes, atMs, samples: count, fault };
}
