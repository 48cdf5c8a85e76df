import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";

/** Each of the nodes is cut off from every other node, those that are isolated with it included. */
export const isolate = defineFault({
  name: "isolate",
  summary: "Cut nodes off from every other node, both ways; clients still reach them.",
  params: cutParams,
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, links }) => {
    const isolated = new Set(subjects.nodes);
    const touching = links.filter(({ from, to }) => isolated.has(from) || isolated.has(to));
    return cutLinks(id, touching, mode ?? "stall");
  },
});
