import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed, sizeBytes, sizeParam } from "./parameters.ts";

/** Each node has so much memory and no more: what asks for more is refused it, or ended by the kernel. */
export const memoryLimit = defineFault({
  name: "memory-limit",
  summary: "Limit the memory of each node; one that needs more is ended by the kernel.",
  params: Type.Object(
    { limit: sizeParam({ description: "How much memory each node may hold.", examples: ["256MiB"] }) },
    closed,
  ),
  capabilities: () => ["process.memory"],
  work: ({ limit }, input) => {
    const bytes = sizeBytes(limit);
    return onNodes(input, {
      capability: "process.memory",
      undo: "restore",
      params: () => ({ bytes }),
      sign: (node) => ({
        sign: "reports",
        node,
        text: `has a memory limit of ${limit} or less`,
        operation: "metrics",
        force: [{ value: "memoryLimit", comparator: "<=", limit: bytes }],
      }),
    });
  },
});
