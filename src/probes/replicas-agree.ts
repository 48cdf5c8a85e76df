import { type Probe, sampleValue } from "../core/probe.ts";

/** Every node gives the same digest of its data. Holds only while nobody writes. */
export const replicasAgree: Probe = {
  name: "replicas-agree",
  summary: "Every node gives the same digest of its data (while nobody writes).",
  operation: "digest",
  holds: (latest, nodes) => {
    const digests = nodes.map((node) => sampleValue(latest.get(node), "digest"));
    return digests.every((digest) => typeof digest === "string") && new Set(digests).size === 1;
  },
};
