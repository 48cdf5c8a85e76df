import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** Nodes' processes end at once (SIGKILL); healing starts them again on the same data. */
export const kill = defineFault({
  name: "kill",
  summary: "End the processes of nodes at once; healing starts them again on the same data.",
  params: Type.Object({}, closed),
  capabilities: () => ["process.kill"],
  work: (_params, input) =>
    onNodes(input, {
      capability: "process.kill",
      undo: "restore",
      sign: (node) => ({ sign: "unreachable", node }),
    }),
});
