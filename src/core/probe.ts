import type { EventOf } from "./history-event.ts";

/** What one node answered when it was asked. */
export type Sample = EventOf<"probe.sampled">;

/** The latest sample of each node, by node. */
export type LatestSamples = ReadonlyMap<string, Sample>;

/** A condition on the whole system, told from the latest answers of its nodes to one operation. */
export interface Probe {
  readonly name: string;
  readonly summary: string;
  /** The operation of the target that is sampled. */
  readonly operation: string;
  /** Pure. False also when a node has not answered: what was not seen does not hold. */
  holds(latest: LatestSamples, nodes: readonly string[]): boolean;
}

/** The value of that name in a sample, or undefined where the node gave no good answer. */
export function sampleValue(sample: Sample | undefined, name: string): Sample["value"] | undefined {
  const value = sample?.value;
  if (sample?.error !== null || typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
