import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** Nodes' processes stop where they stand (SIGSTOP) with every connection open; healing lets them go on. */
export const pause = defineFault({
  name: "pause",
  summary: "Stop the processes of nodes where they stand, connections open; healing lets them go on.",
  params: Type.Object({}, closed),
  capabilities: () => ["process.pause"],
  work: (_params, input) =>
    onNodes(input, {
      capability: "process.pause",
      undo: "restore",
      sign: (node) => ({ sign: "unreachable", node }),
    }),
});
