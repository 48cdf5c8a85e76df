import type { EventOf } from "./history-event.ts";
import { isList } from "./json.ts";
import type { Scope } from "./membership.ts";

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
  /** Of which nodes it is told. */
  readonly scope: Scope;
  /** Pure. False also when a node has not answered: what was not seen does not hold. */
  holds(latest: LatestSamples, nodes: readonly string[]): boolean;
}

/** The value of that name in a sample, or undefined where the node gave no good answer. */
export function sampleValue(sample: Sample | undefined, name: string): Sample["value"] | undefined {
  const value = sample?.value;
  if (sample?.error !== null || typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** What agents are not asked for: who leads, and the state that voters reach by consensus. */
export const operationsOfVoters: readonly string[] = ["leader", "digest"];

/** The peers from whom a node says that it has heard within `freshMs`; of one that does not say when, those that it is connected to. Null: it gave no good answer. */
export function livePeers(sample: Sample | undefined, freshMs: number): readonly string[] | null {
  const peers = sampleValue(sample, "peers");
  const heardMs = sampleValue(sample, "heardMs");
  if (!isList(peers) || (heardMs !== undefined && !isList(heardMs))) return null;
  return peers.filter((peer, index): peer is string => {
    const heard = heardMs === undefined ? 0 : heardMs[index];
    return typeof peer === "string" && typeof heard === "number" && heard <= freshMs;
  });
}
