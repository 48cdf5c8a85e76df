import type { Probe } from "../core/probe.ts";

/** Every node answers that it is well. */
export const healthy: Probe = {
  name: "healthy",
  summary: "Every node answers that it is well.",
  operation: "health",
  scope: "everyone",
  holds: (latest, nodes) => nodes.every((node) => latest.get(node)?.error === null),
};
