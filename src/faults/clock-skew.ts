import { Type } from "typebox";
import { durationMs } from "../core/duration.ts";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** Nodes' wall clocks are off by so much; what they measure times with is left alone. */
export const clockSkew = defineFault({
  name: "clock-skew",
  summary: "Put the wall clocks of nodes wrong; monotonic time is left alone.",
  params: Type.Object(
    {
      offset: Type.String({
        pattern: "^-?[0-9]+(\\.[0-9]+)?(ms|s|m|h)$",
        description: "By how much they are ahead; with a minus behind.",
        examples: ["10m", "-30s"],
        "x-unit": "a time with its unit: ms, s, m or h",
      }),
    },
    closed,
  ),
  capabilities: () => ["process.clock"],
  work: ({ offset }, input) => {
    const aheadMs = durationMs(offset.replace(/^-/, "")) ?? 0;
    const offsetMs = offset.startsWith("-") ? -aheadMs : aheadMs;
    return onNodes(input, {
      capability: "process.clock",
      undo: "restore",
      params: () => ({ offsetMs }),
      sign: (node) => ({ sign: "skewed", node, offsetMs }),
    });
  },
});
