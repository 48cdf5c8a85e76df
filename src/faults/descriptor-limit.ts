import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** Each node may have so many files and connections open; those that it has already stay open. */
export const descriptorLimit = defineFault({
  name: "descriptor-limit",
  summary: "Limit how many files and connections each node may have open.",
  params: Type.Object(
    {
      limit: Type.Integer({
        minimum: 1,
        description: "How many each node may have open; those that it has stay open.",
        examples: [64],
        "x-unit": "descriptors",
      }),
    },
    closed,
  ),
  capabilities: () => ["process.descriptors"],
  work: ({ limit }, input) =>
    onNodes(input, {
      capability: "process.descriptors",
      undo: "restore",
      params: () => ({ limit }),
      sign: (node) => ({
        sign: "reports",
        node,
        text: `may have ${limit} descriptors open`,
        operation: "metrics",
        force: [{ value: "descriptorsLimit", comparator: "<=", limit }],
      }),
    }),
});
