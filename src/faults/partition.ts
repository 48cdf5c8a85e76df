import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";

/** Sides that do not hear each other; a node on no side is a bridge and hears all. */
export const partition = defineFault({
  name: "partition",
  summary: "Cut the links between sides, both ways; a node on no side is a bridge that hears all.",
  params: cutParams,
  takes: "sides",
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, links }) => {
    const sideOf = new Map(subjects.sides.flatMap((side, index) => side.map((node) => [node, index] as const)));
    const crossing = links.filter(({ from, to }) => {
      const [left, right] = [sideOf.get(from), sideOf.get(to)];
      return left !== undefined && right !== undefined && left !== right;
    });
    return cutLinks(id, crossing, mode ?? "stall");
  },
});
