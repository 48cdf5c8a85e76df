import { Type } from "typebox";
import { action, type Link } from "../core/action.ts";
import { cutModes, type CutMode } from "../core/capability.ts";
import type { FaultEffect } from "../core/fault.ts";

/** The parameters that every fault on links has: how the links are cut. */
export const cutParams = Type.Object(
  {
    mode: Type.Optional(
      Type.Enum([...cutModes], {
        description:
          "How links are cut. stall: bytes wait and nothing closes; blackhole: bytes are lost; refuse: connections close and none is taken; reset: connections are reset.",
        examples: ["refuse"],
        default: "stall",
      }),
    ),
  },
  { additionalProperties: false },
);

/** Cuts these directed links in one way; a witness must find that the receiving node hears nothing any more. */
export function cutLinks(fault: string, links: readonly Link[], mode: CutMode): FaultEffect {
  return {
    actions: links.map((link) =>
      action({ fault, capability: `link.${mode}`, subject: { kind: "link", link }, params: {}, undo: "remove" }),
    ),
    signs: links.map((link) => ({ sign: "unheard", link })),
  };
}
