import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** A service of nodes fails, by the target's own hook; with it or without it those that depend on it. */
export const serviceFailure = defineFault({
  name: "service-failure",
  summary: "Let a service of nodes fail, with or without those that depend on it, by the target's own hook.",
  params: Type.Object(
    {
      service: Type.String({
        minLength: 1,
        description: "The service, as the target calls it.",
        examples: ["storage"],
      }),
      dependents: Type.Optional(
        Type.Boolean({
          description: "Whether the services that depend on it fail with it.",
          examples: [true],
          default: false,
        }),
      ),
      hook: Type.Optional(
        Type.String({
          minLength: 1,
          description: "The hook of the target file; it is told service and dependents.",
          examples: ["fail-service"],
          default: "fail-service",
        }),
      ),
    },
    closed,
  ),
  capabilities: () => ["target.hook"],
  refersTo: ({ hook }) => ({ hooks: [{ name: hook ?? usualHook, arguments: ["service", "dependents"] }] }),
  work: ({ service, dependents = false, hook = usualHook }, input) => {
    const told = { service, dependents };
    return onNodes(input, {
      capability: "target.hook",
      undo: "remove",
      params: () => ({ hook, arguments: told }),
      sign: (node) => ({ sign: "hook", hook, node, arguments: told }),
    });
  },
});

const usualHook = "fail-service";
