import { Type } from "typebox";
import { action } from "../core/action.ts";
import { defineFault } from "./define-fault.ts";

/** Nodes' processes stop where they stand (SIGSTOP) with every connection open; healing lets them go on. */
export const pause = defineFault({
  name: "pause",
  summary: "Stop the processes of nodes where they stand, connections open; healing lets them go on.",
  params: Type.Object({}, { additionalProperties: false }),
  capabilities: () => ["process.pause"],
  work: (_params, { id, subjects }) => ({
    actions: subjects.nodes.map((node) =>
      action({ fault: id, capability: "process.pause", subject: { kind: "node", node }, params: {}, undo: "restore" }),
    ),
    signs: subjects.nodes.map((node) => ({ sign: "unreachable", node })),
  }),
});
