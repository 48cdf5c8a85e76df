import { type Probe, sampleValue } from "../core/probe.ts";

/** Every replica of the documents gives the same digest, and none has an open conflict. Holds only while nobody edits. */
export const replicasConverged: Probe = {
  name: "replicas-converged",
  summary: "Every replica of the documents gives the same digest, and none has an open conflict (while nobody edits).",
  operation: "replica",
  scope: "members",
  holds: (latest, nodes) => {
    const digests = nodes.map((node) => sampleValue(latest.get(node), "digest"));
    const isResolved = nodes.every((node) => sampleValue(latest.get(node), "conflicts") === 0);
    return isResolved && typeof digests[0] === "string" && new Set(digests).size === 1;
  },
};
