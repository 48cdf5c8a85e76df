import { Type } from "typebox";
import { services } from "../core/service.ts";
import { closed } from "../core/schema-parts.ts";

const service = Type.Enum([...services], { description: "A service.", examples: ["coordination"] });

const about = Type.Object(
  {
    dependents: Type.Optional(
      Type.Array(service, {
        uniqueItems: true,
        description: "Services that need this one: they may fail with it, all others must go on.",
        examples: [["coordination"]],
        default: "none needs it",
      }),
    ),
  },
  { ...closed, description: "A service that the system has.", examples: [{ dependents: ["coordination"] }] },
);

/** The services of a system, and which of them depend on which. */
export const servicesSchema = Type.Optional(
  Type.Object(Object.fromEntries(services.map((name) => [name, Type.Optional(about)])), {
    ...closed,
    description:
      "The services that the system has, and those that depend on each: what must go on where one of them fails.",
    examples: [{ storage: { dependents: ["coordination"] }, coordination: {} }],
    default: "nothing is known of services",
  }),
);
