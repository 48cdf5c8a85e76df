import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { directionParam, hitLinks, onLinks } from "./hit-links.ts";
import { closed } from "./parameters.ts";

/** A link's bytes wait: it stays open and is silent, and nothing is lost when it goes on. */
export const stall = defineFault({
  name: "stall",
  summary: "Keep links open but silent: bytes wait, nothing closes, nothing is lost.",
  params: Type.Object({ direction: directionParam }, closed),
  takes: "either",
  capabilities: () => ["link.stall"],
  work: ({ direction }, input) =>
    onLinks(input, hitLinks(input, direction), {
      capability: "link.stall",
      sign: (link) => ({ sign: "unheard", link }),
    }),
});
