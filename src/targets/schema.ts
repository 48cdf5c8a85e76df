import { type Static, Type } from "typebox";
import { capabilityNames } from "../core/capability.ts";
import { closed, durationText, nameText } from "../core/schema-parts.ts";
import { nodesSchema, secretSchema } from "./schema-nodes.ts";
import { filesSchema, hookSchema, limitsSchema } from "./schema-hooks.ts";
import { operationSchema } from "./schema-operations.ts";
import { servicesSchema } from "./schema-services.ts";

const credentials = Type.Union(
  [
    Type.Object({ bearer: secretSchema }, { ...closed, title: "a bearer token" }),
    Type.Object(
      {
        basic: Type.Object(
          {
            user: Type.String({ minLength: 1, description: "The user's name.", examples: ["chaos"] }),
            password: secretSchema,
          },
          {
            ...closed,
            description: "User and password.",
            examples: [{ user: "chaos", password: { fromEnvironment: "API_PASSWORD" } }],
          },
        ),
      },
      { ...closed, title: "user and password" },
    ),
    Type.Object(
      {
        header: Type.Object(
          {
            name: Type.String({
              pattern: "^[A-Za-z0-9-]+$",
              description: "The header's name.",
              examples: ["x-api-key"],
            }),
            value: secretSchema,
          },
          {
            ...closed,
            description: "A header with a secret value.",
            examples: [{ name: "x-api-key", value: { fromFile: "secrets/key" } }],
          },
        ),
      },
      { ...closed, title: "a header" },
    ),
  ],
  {
    description: "What every HTTP and WebSocket operation shows, unless it says `credentials: none`.",
    examples: [{ bearer: { fromEnvironment: "API_TOKEN" } }],
    default: "none",
  },
);

const file = (description: string, example: string, absent: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      description: `${description} A PEM file, from the folder of this file.`,
      examples: [example],
      default: absent,
    }),
  );

const tls = Type.Object(
  {
    ports: Type.Array(Type.String({ description: "A port's name.", examples: ["client"] }), {
      minItems: 1,
      description: "The ports that speak TLS.",
      examples: [["client"]],
    }),
    ca: file("Who signed the nodes' certificates.", "tls/ca.pem", "those that Node trusts"),
    certificate: file("The client's own certificate.", "tls/client.pem", "none is shown"),
    key: file("The key of the client's certificate.", "tls/client.key", "none"),
    serverName: Type.Optional(
      Type.String({
        minLength: 1,
        description: "The name that the nodes' certificates must be for.",
        examples: ["cluster.example"],
        default: "the host that is asked",
      }),
    ),
    verify: Type.Optional(
      Type.Boolean({
        description: "Whether certificates are verified. False only for a test system.",
        examples: [false],
        default: true,
      }),
    ),
  },
  {
    ...closed,
    description: "TLS towards the nodes.",
    examples: [{ ports: ["client"], ca: "tls/ca.pem" }],
    default: "every port speaks in clear text",
  },
);

/** The target file's language: everything that the harness knows of a system. */
export const targetSchema = Type.Object(
  {
    name: nameText({ description: "Name by which the target is asked for.", examples: ["my-system"] }),
    title: Type.String({ minLength: 1, description: "One line for people.", examples: ["My system, three nodes"] }),
    nodes: nodesSchema,
    links: Type.Optional(
      Type.Object(
        {
          port: Type.String({
            description: "The port over which nodes speak to each other.",
            examples: ["peer"],
          }),
          silentAfter: Type.Optional(
            durationText({
              description:
                "A link on which nothing was heard for this long is silent: a few of the system's own keep-alives.",
              examples: ["300ms"],
              default: "300ms",
            }),
          ),
          agents: Type.Optional(
            Type.Object(
              {
                peers: Type.Integer({
                  minimum: 4,
                  description: "How many possible peers each agent has: some voters, the others drawn from the seed.",
                  examples: [20],
                  "x-unit": "nodes",
                }),
                silentAfter: Type.Optional(
                  durationText({
                    description: "As `links.silentAfter`, for the links of agents.",
                    examples: ["2.5s"],
                    default: "that of links",
                  }),
                ),
              },
              {
                ...closed,
                description: "Links of nodes that do not vote (nodes.voters): not everybody with everybody.",
                examples: [{ peers: 20, silentAfter: "2.5s" }],
                default: "everybody is linked with everybody",
              },
            ),
          ),
        },
        {
          ...closed,
          description:
            "A proxy is put on every directed link between nodes, so that links can be cut. Only for a system whose nodes can each be told where they dial each peer ({reach}).",
          examples: [{ port: "peer" }],
          default: "no proxies: links cannot be cut",
        },
      ),
    ),
    credentials: Type.Optional(credentials),
    tls: Type.Optional(tls),
    capabilities: Type.Optional(
      Type.Array(Type.Enum([...capabilityNames], { description: "A capability.", examples: ["process.kill"] }), {
        uniqueItems: true,
        description: "All that may be done to it; an empty list: nothing, it is only observed.",
        examples: [["process.kill"]],
        default:
          "all that follows from this file: `start` gives process.* and disk.fill, `files` disk.alter and disk.fail, `links` link.*, `hooks` target.hook; `start` also host.exec, which a system that runs already must name here",
      }),
    ),
    operations: Type.Record(Type.String(), operationSchema, {
      description:
        "What can be asked of a node, by name. Every run asks health and leader; a workload asks read, write, cas; probes ask what their summary says.",
      examples: [{ health: { port: "http", method: "GET", path: "/health" } }],
    }),
    hooks: Type.Optional(
      Type.Record(Type.String(), hookSchema, {
        description: "Fault hooks that the target itself offers, by name.",
        examples: [
          { hold: { apply: "hold", remove: "release", read: "held", inForce: { value: "held", equals: true } } },
        ],
        default: "none",
      }),
    ),
    services: servicesSchema,
    limits: Type.Optional(limitsSchema),
    files: Type.Optional(filesSchema),
  },
  { ...closed, $id: "urn:prism-chaos:schema:target", title: "prism-chaos target" },
);

/** A target file that passed its schema, as written. */
export type TargetFile = Static<typeof targetSchema>;
