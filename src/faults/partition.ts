import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";
import { crossing } from "./hit-links.ts";

/** Sides that do not hear each other; a node on no side is a bridge and hears all. */
export const partition = defineFault({
  name: "partition",
  summary: "Cut the links between sides, both ways; a node on no side is a bridge that hears all.",
  params: cutParams,
  takes: "sides",
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, links }) => cutLinks(id, crossing(subjects.sides, links), mode ?? "stall"),
});
