import { type Probe, sampleValue } from "../core/probe.ts";

/** More than half of the voters name one leader in one term, and that one says the same of itself. */
export const led: Probe = {
  name: "led",
  summary: "More than half of the nodes that vote name one leader in one term, and it says so itself.",
  operation: "leader",
  scope: "voters",
  holds: (latest, nodes) => {
    const claim = (node: string): string | null => {
      const leader = sampleValue(latest.get(node), "leader");
      const term = sampleValue(latest.get(node), "term");
      return typeof leader === "string" ? JSON.stringify([leader, term ?? null]) : null;
    };
    return nodes.some((node) => {
      const own = claim(node);
      if (own === null || sampleValue(latest.get(node), "leader") !== node) return false;
      return nodes.filter((one) => claim(one) === own).length > nodes.length / 2;
    });
  },
};
