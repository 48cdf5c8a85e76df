import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** A fault hook that the target itself offers, by the name it has in the target file. */
export const hook = defineFault({
  name: "hook",
  summary: "Use a fault hook that the target itself offers.",
  params: Type.Object(
    {
      hook: Type.String({ minLength: 1, description: "Its name in the target file.", examples: ["hold-elections"] }),
      arguments: Type.Optional(
        Type.Record(
          Type.String(),
          Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
            description: "The argument's value.",
            examples: ["storage", true],
          }),
          {
            description: "What the hook is told, by the names that it lists under `arguments` in the target file.",
            examples: [{ service: "storage", dependents: false }],
            default: "nothing",
          },
        ),
      ),
    },
    closed,
  ),
  capabilities: () => ["target.hook"],
  refersTo: ({ hook: name, arguments: told = {} }) => ({ hooks: [{ name, arguments: Object.keys(told) }] }),
  work: ({ hook: name, arguments: told = {} }, input) =>
    onNodes(input, {
      capability: "target.hook",
      undo: "remove",
      params: () => ({ hook: name, arguments: told }),
      sign: (node) => ({ sign: "hook", hook: name, node, arguments: told }),
    }),
});
