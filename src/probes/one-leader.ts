import { type Probe, sampleValue } from "../core/probe.ts";

/** Every node that votes names the same leader in the same term. */
export const oneLeader: Probe = {
  name: "one-leader",
  summary: "Every node that votes names the same leader in the same term.",
  operation: "leader",
  scope: "voters",
  holds: (latest, nodes) => {
    const named = nodes.map((node) => {
      const leader = sampleValue(latest.get(node), "leader");
      return typeof leader === "string"
        ? `${leader} in ${JSON.stringify(sampleValue(latest.get(node), "term"))}`
        : null;
    });
    return !named.includes(null) && new Set(named).size === 1;
  },
};
