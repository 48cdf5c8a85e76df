import { cutLinks, cutParams } from "./cut-links.ts";
import { defineFault } from "./define-fault.ts";

/** Each node hears only the majority that is nearest to it in a ring drawn from the seed, so that no two hear the same one. */
export const majoritiesRing = defineFault({
  name: "majorities-ring",
  summary: "Let each node hear only its nearest majority in a ring: all hear one, no two the same.",
  params: cutParams,
  capabilities: ({ mode }) => [`link.${mode ?? "stall"}`],
  work: ({ mode }, { id, subjects, links, order }) => {
    const hit = new Set(subjects.nodes);
    const ring = order.filter((node) => hit.has(node));
    const placeOf = new Map(ring.map((node, place) => [node, place]));
    // A majority less the node itself, half of them before it and half behind; the odd one is behind.
    const others = Math.floor(ring.length / 2);
    const [before, behind] = [Math.floor(others / 2), Math.ceil(others / 2)];
    const cut = links.filter(({ from, to }) => {
      const [sender, receiver] = [placeOf.get(from), placeOf.get(to)];
      if (sender === undefined || receiver === undefined) return false;
      const ahead = (sender - receiver + ring.length) % ring.length;
      return ahead > behind && ring.length - ahead > before;
    });
    return cutLinks(id, cut, mode ?? "stall");
  },
});
