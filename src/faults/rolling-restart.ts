import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { closed, timeMs, timeParam } from "./parameters.ts";
import { restartNodes } from "./restart-nodes.ts";

/** Nodes are ended and started again one after another. */
export const rollingRestart = defineFault({
  name: "rolling-restart",
  summary: "End nodes and start them again one after another.",
  params: Type.Object(
    {
      every: timeParam({ description: "From the end of one to the end of the next.", examples: ["2s"] }),
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
  work: ({ every, down }, input) =>
    restartNodes(input, (index) => ({ afterMs: index * timeMs(every), downMs: timeMs(down), everyMs: null })),
});
