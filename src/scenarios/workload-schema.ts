import { Type } from "typebox";
import { closed, durationText, ratePattern } from "../core/schema-parts.ts";

const share = (operation: string, value: number): ReturnType<typeof Type.Number> =>
  Type.Number({
    minimum: 0,
    maximum: 1,
    description: `Share of ${operation}s; the three shares add up to 1.`,
    examples: [value],
    "x-unit": "share from 0 to 1",
  });

/** The traffic of a scenario. */
export const workload = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        description: "Its kind: `prism-chaos list workloads`.",
        examples: ["register"],
        default: "register",
      }),
    ),
    clientsPerNode: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Clients that speak to one node only, whatever happens to it.",
        examples: [2],
        default: 2,
        "x-unit": "clients",
      }),
    ),
    roamingClients: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Clients that go to the next node when one does not serve them.",
        examples: [4],
        default: 4,
        "x-unit": "clients",
      }),
    ),
    keys: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "How many keys the clients share: fewer keys, more conflicts.",
        examples: [5],
        default: 5,
        "x-unit": "keys",
      }),
    ),
    think: Type.Optional(
      durationText({
        description: "Pause of a client after each answer. Not together with `rate`.",
        examples: ["8ms"],
        default: "8ms",
      }),
    ),
    rate: Type.Optional(
      Type.String({
        pattern: ratePattern,
        description:
          "Operations that are due each second, all clients together, whatever became of those before. A client that is late sends at once.",
        examples: ["200/s"],
        default: "as fast as answers and `think` allow",
        "x-unit": "operations per second",
      }),
    ),
    timeout: Type.Optional(
      durationText({
        description: "After this an operation may or may not have happened.",
        examples: ["1s"],
        default: "1s",
      }),
    ),
    mix: Type.Optional(
      Type.Object(
        { read: share("read", 0.5), write: share("write", 0.35), cas: share("compare-and-set", 0.15) },
        {
          ...closed,
          description: "Shares of the operations.",
          examples: [{ read: 0.5, write: 0.35, cas: 0.15 }],
          default: { read: 0.5, write: 0.35, cas: 0.15 },
        },
      ),
    ),
  },
  { ...closed, description: "The traffic.", examples: [{ clientsPerNode: 2, rate: "200/s" }], default: {} },
);

/** Edits of shared documents, beside the traffic. */
export const edits = Type.Object(
  {
    documents: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "How many documents are edited.",
        examples: [4],
        default: 4,
        "x-unit": "documents",
      }),
    ),
    rate: Type.Optional(
      Type.String({
        pattern: ratePattern,
        description: "Edits that are due each second, all nodes together.",
        examples: ["4/s"],
        default: "4/s",
        "x-unit": "edits per second",
      }),
    ),
    timeout: Type.Optional(
      durationText({
        description: "After this an edit may or may not have been made.",
        examples: ["1s"],
        default: "1s",
      }),
    ),
  },
  {
    ...closed,
    description:
      "Edits of shared documents on every node while a fault is in force, so that there is something to be merged; before and after it they rest, so that agreement can be told.",
    examples: [{ documents: 4, rate: "4/s" }],
    default: "none are made",
  },
);
