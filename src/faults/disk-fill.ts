import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed, shareOf, shareParam } from "./parameters.ts";

/** File systems are filled in whole blocks, and a node's own figure may be a moment old. */
const nearShare = 0.03;

/** The disk on which a node keeps its data is filled up to a level. */
export const diskFill = defineFault({
  name: "disk-fill",
  summary: "Fill the disk on which each node keeps its data, up to a level.",
  params: Type.Object(
    { level: shareParam({ description: "How much of it is in use then.", examples: ["80%", "100%"] }) },
    closed,
  ),
  capabilities: () => ["disk.fill"],
  work: ({ level }, input) => {
    const used = Math.min(1, shareOf(level));
    return onNodes(input, {
      capability: "disk.fill",
      undo: "remove",
      params: () => ({ level: used }),
      sign: (node) => ({
        sign: "reports",
        node,
        text: `has a disk that is ${level} full`,
        operation: "metrics",
        force: [{ value: "diskFree", comparator: "<=", limit: Number((1 - used + nearShare).toFixed(4)) }],
      }),
    });
  },
});
