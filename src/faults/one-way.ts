import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";
import { crossing } from "./hit-links.ts";

/** What the first side sends does not reach the others; what they send reaches it. */
export const oneWay = defineFault({
  name: "one-way",
  summary: "Cut what the first side sends to the others; it still hears them.",
  params: cutParams,
  takes: "sides",
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, links }) => {
    const first = new Set(subjects.sides[0]);
    const sent = crossing(subjects.sides, links).filter(({ from }) => first.has(from));
    return cutLinks(id, sent, mode ?? "stall");
  },
});
