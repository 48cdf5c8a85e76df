import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";
import { crossing } from "./hit-links.ts";

/** The nodes are the bridge between two halves of all others, which do not hear each other. */
export const bridge = defineFault({
  name: "bridge",
  summary: "Cut all other nodes in two halves, drawn from the seed, that only these nodes connect.",
  params: cutParams,
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, links, order }) => {
    const bridging = new Set(subjects.nodes);
    const others = bridging.size === 0 ? [] : order.filter((node) => !bridging.has(node));
    const half = Math.ceil(others.length / 2);
    return cutLinks(id, crossing([others.slice(0, half), others.slice(half)], links), mode ?? "stall");
  },
});
