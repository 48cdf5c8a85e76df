import { type Probe, sampleValue } from "../core/probe.ts";

/** No node puts work off for lack of resources. */
export const notThrottled: Probe = {
  name: "not-throttled",
  summary: "No node says that it puts work off for lack of resources.",
  operation: "health",
  scope: "everyone",
  holds: (latest, nodes) => nodes.every((node) => sampleValue(latest.get(node), "throttling") === false),
};
