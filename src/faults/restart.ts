import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { closed, timeMs, timeParam } from "./parameters.ts";
import { restartNodes } from "./restart-nodes.ts";

/** Nodes are ended at once and started again on the same data, all at the same time, while the fault is in force. */
export const restart = defineFault({
  name: "restart",
  summary: "End nodes at once and start them again on the same data, all at the same time.",
  params: Type.Object(
    {
      down: Type.Optional(
        timeParam({
          description: "How long each is down.",
          examples: ["500ms"],
          default: "0ms: started again at once",
        }),
      ),
    },
    closed,
  ),
  capabilities: () => ["process.restart"],
  work: ({ down }, input) => restartNodes(input, () => ({ afterMs: 0, downMs: timeMs(down), everyMs: null })),
});
