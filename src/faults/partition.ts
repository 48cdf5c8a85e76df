import type { Link } from "../core/action.ts";
import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";

/** Sides that do not hear each other; a node on no side is a bridge and hears all. */
export const partition = defineFault({
  name: "partition",
  summary: "Cut the links between sides, both ways; a node on no side is a bridge that hears all.",
  params: cutParams,
  takes: "sides",
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects }) => {
    const links: Link[] = [];
    for (const side of subjects.sides) {
      for (const other of subjects.sides) {
        if (side === other) continue;
        links.push(...side.flatMap((from) => other.map((to) => ({ from, to }))));
      }
    }
    return cutLinks(id, links, mode ?? "stall");
  },
});
