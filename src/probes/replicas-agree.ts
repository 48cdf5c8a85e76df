import { type Probe, sampleValue } from "../core/probe.ts";

/** Every node that votes gives the same digest of its data. Holds only while nobody writes. */
export const replicasAgree: Probe = {
  name: "replicas-agree",
  summary: "Every node that votes gives the same digest of its data (while nobody writes).",
  operation: "digest",
  scope: "voters",
  holds: (latest, nodes) => {
    const digests = nodes.map((node) => sampleValue(latest.get(node), "digest"));
    return digests.every((digest) => typeof digest === "string") && new Set(digests).size === 1;
  },
};
