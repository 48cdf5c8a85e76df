import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { directionParam, hitLinks, onLinks } from "./hit-links.ts";
import { closed } from "./parameters.ts";

/** Every connection of a link is reset (RST), and every new one as soon as it is there. */
export const reset = defineFault({
  name: "reset",
  summary: "Reset the connections of links, and every new one.",
  params: Type.Object({ direction: directionParam }, closed),
  takes: "either",
  capabilities: () => ["link.reset"],
  work: ({ direction }, input) =>
    onLinks(input, hitLinks(input, direction), {
      capability: "link.reset",
      sign: (link) => ({ sign: "unheard", link }),
    }),
});
