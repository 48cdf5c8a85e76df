import type { Link } from "../core/action.ts";
import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";

/** Each of the nodes is cut off from every other node, those that are isolated with it included. */
export const isolate = defineFault({
  name: "isolate",
  summary: "Cut nodes off from every other node, both ways; clients still reach them.",
  params: cutParams,
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, allNodes }) => {
    const links: Link[] = [];
    for (const from of allNodes) {
      for (const to of allNodes) {
        const touches = subjects.nodes.includes(from) || subjects.nodes.includes(to);
        if (from !== to && touches) links.push({ from, to });
      }
    }
    return cutLinks(id, links, mode ?? "stall");
  },
});
