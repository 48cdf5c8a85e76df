import { type Probe, sampleValue } from "../core/probe.ts";

/** Every node that votes answers, and none takes itself for the leader. */
export const noLeader: Probe = {
  name: "no-leader",
  summary: "Every node that votes answers, and none takes itself for the leader.",
  operation: "leader",
  scope: "voters",
  holds: (latest, nodes) =>
    nodes.every((node) => {
      const leader = sampleValue(latest.get(node), "leader");
      return leader !== undefined && leader !== node;
    }),
};
