import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { closed, timeMs, timeParam } from "./parameters.ts";
import { restartNodes } from "./restart-nodes.ts";

/** Nodes end again and again as long as the fault is in force. */
export const crashLoop = defineFault({
  name: "crash-loop",
  summary: "End nodes again and again, each time after they were up for a while.",
  params: Type.Object(
    {
      up: timeParam({ description: "How long each is up before it is ended.", examples: ["2s"] }),
      down: timeParam({ description: "How long each is down before it is started again.", examples: ["1s"] }),
    },
    closed,
  ),
  capabilities: () => ["process.restart"],
  work: ({ up, down }, input) =>
    restartNodes(input, () => ({
      afterMs: timeMs(up),
      downMs: timeMs(down),
      everyMs: timeMs(up) + timeMs(down),
    })),
});
