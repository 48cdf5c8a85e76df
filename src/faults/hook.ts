import { Type } from "typebox";
import { action } from "../core/action.ts";
import { defineFault } from "./define-fault.ts";

/** A fault hook that the target itself offers, by the name it has in the target file. */
export const hook = defineFault({
  name: "hook",
  summary: "Use a fault hook that the target itself offers.",
  params: Type.Object(
    { hook: Type.String({ minLength: 1, description: "Its name in the target file.", examples: ["hold-elections"] }) },
    { additionalProperties: false },
  ),
  capabilities: () => ["target.hook"],
  work: (params, { id, subjects }) => ({
    actions: subjects.nodes.map((node) =>
      action({ fault: id, capability: "target.hook", subject: { kind: "node", node }, params, undo: "remove" }),
    ),
    signs: subjects.nodes.map((node) => ({ sign: "hook", hook: params.hook, node })),
  }),
});
