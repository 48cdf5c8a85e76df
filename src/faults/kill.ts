import { Type } from "typebox";
import { action } from "../core/action.ts";
import { defineFault } from "./define-fault.ts";

/** Nodes' processes end at once (SIGKILL); healing starts them again on the same data. */
export const kill = defineFault({
  name: "kill",
  summary: "End the processes of nodes at once; healing starts them again on the same data.",
  params: Type.Object({}, { additionalProperties: false }),
  capabilities: () => ["process.kill"],
  work: (_params, { id, subjects }) => ({
    actions: subjects.nodes.map((node) =>
      action({ fault: id, capability: "process.kill", subject: { kind: "node", node }, params: {}, undo: "restore" }),
    ),
    signs: subjects.nodes.map((node) => ({ sign: "unreachable", node })),
  }),
});
