import { Type } from "typebox";
import { closed, durationText } from "../core/schema-parts.ts";
import { templateText } from "./schema-values.ts";

// Where nodes come from, and values that are named instead of written down.

/** A value that is named here and read where it is used. */
export const secretSchema = Type.Union(
  [
    Type.Object(
      {
        fromEnvironment: Type.String({
          pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
          description: "The environment variable that holds it.",
          examples: ["API_TOKEN"],
        }),
      },
      { ...closed, title: "a secret in a variable" },
    ),
    Type.Object(
      {
        fromFile: Type.String({
          minLength: 1,
          description: "The file that holds it, from the folder of this file; an end of line at its end is left out.",
          examples: ["secrets/token"],
        }),
      },
      { ...closed, title: "a secret in a file" },
    ),
  ],
  {
    description: "A value that is named here, read where it is used, and never shown.",
    examples: [{ fromEnvironment: "API_TOKEN" }],
  },
);

/** Variables that a process is given besides the harness's own. */
export const environmentSchema = Type.Optional(
  Type.Record(
    Type.String(),
    Type.Union(
      [
        templateText({ description: "A value; holders as in the arguments.", examples: ["{port.client}"] }),
        ...secretSchema.anyOf,
      ],
      {
        description: "A text with holders, or a secret that is named.",
        examples: ["info", { fromEnvironment: "API_TOKEN" }],
      },
    ),
    {
      description: "Environment variables that it is given besides the harness's own.",
      examples: [{ LOG_LEVEL: "info", TOKEN: { fromEnvironment: "API_TOKEN" } }],
      default: "only the harness's own",
    },
  ),
);

const startHolders =
  "Holders: {node}, {host}, {port.NAME}, {data} (its folder, made for it), {defect}, {join} (`later` for a node that joins when a step says so, else `now`), {runtime} (the Node that runs the harness), {package}, {folder} (of this file).";

const argument = Type.Union(
  [
    templateText({ description: `One argument. ${startHolders}`, examples: ["--id={node}"] }),
    Type.Object(
      {
        each: Type.Enum(["peer", "member", "voter"], {
          description:
            "For each peer (every other node that it has a link to), for each member (every node, itself too) or for each voter.",
          examples: ["peer", "member", "voter"],
        }),
        template: templateText({
          description:
            "Filled for each and joined. {host} and {port.NAME} are that one's; also {peer}, {listen} (where it really listens) and {reach} (where this node dials it: a proxy's address where a proxy stands), {member} or {voter}.",
          examples: ["{peer}={reach}", "{member}=http://{host}:{port.peer}", "{voter}"],
        }),
        join: Type.String({ description: "What stands between them.", examples: [","] }),
      },
      { ...closed, title: "an argument that lists nodes" },
    ),
  ],
  {
    description: "A text, or a list of nodes as one text.",
    examples: ["--id={node}", { each: "peer", template: "{peer}={reach}", join: "," }],
  },
);

const start = Type.Object(
  {
    program: templateText({
      description: `The program: a name on PATH, or a path. ${startHolders}`,
      examples: ["{runtime}", "my-server"],
    }),
    arguments: Type.Array(argument, {
      description: "Its arguments, each filled.",
      examples: [["--id={node}", "--listen={host}:{port.http}"]],
    }),
    environment: environmentSchema,
  },
  {
    ...closed,
    description: "How one node is started. It is started again in the same way, on the same data, after a kill.",
    examples: [{ program: "my-server", arguments: ["--listen={host}:{port.http}"] }],
  },
);

const common = {
  default: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: "How many nodes a run has unless --nodes says otherwise.",
      examples: [3],
      default: "as many as the scenario's profile says (of a running system, not more than it has)",
    }),
  ),
  readyWithin: durationText({
    description: "How long a node may take from its start to its first healthy answer.",
    examples: ["20s"],
  }),
  identity: Type.Optional(
    Type.Object(
      {
        operation: Type.String({ description: "The operation that tells it.", examples: ["leader"] }),
        value: Type.String({ description: "Which of its values it is.", examples: ["id"] }),
      },
      {
        ...closed,
        description:
          "For a system that names nodes by identities of its own: where a node says its own. `as: node` then turns one into the node's name.",
        examples: [{ operation: "leader", value: "id" }],
        default: "the system uses the names that it is given",
      },
    ),
  ),
};

const portName = Type.String({ pattern: "^[a-z][a-z0-9-]*$", description: "A port's name.", examples: ["http"] });

const started = Type.Object(
  {
    prefix: Type.String({
      pattern: "^[a-z]+$",
      description: "Nodes are named by this and a number from 1.",
      examples: ["n"],
    }),
    minimum: Type.Integer({ minimum: 1, description: "Fewest nodes with which it works.", examples: [3] }),
    maximum: Type.Integer({ minimum: 1, description: "Most nodes that may be started.", examples: [9] }),
    voters: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "How many nodes vote in the consensus: the first ones. The others are agents.",
        examples: [5],
        default: "all",
      }),
    ),
    ports: Type.Array(portName, {
      minItems: 1,
      uniqueItems: true,
      description: "Names of the ports that each node listens on; their numbers are chosen for each run.",
      examples: [["http", "peer"]],
    }),
    start,
    ...common,
  },
  { ...closed, title: "nodes that are started here" },
);

const address = Type.Object(
  {
    node: Type.String({
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
      description: "The node's name, as the system itself calls it if it does.",
      examples: ["node-1"],
    }),
    host: Type.String({ minLength: 1, description: "Where it is reached.", examples: ["10.0.0.11", "node-1.example"] }),
    ports: Type.Record(
      Type.String(),
      Type.Integer({ minimum: 1, maximum: 65_535, description: "A port's number.", examples: [8080] }),
      { minProperties: 1, description: "Its ports: name and number.", examples: [{ http: 8080 }] },
    ),
  },
  {
    ...closed,
    title: "a running node",
    description: "A node that runs already.",
    examples: [{ node: "node-1", host: "10.0.0.11", ports: { http: 8080 } }],
  },
);

const running = Type.Object(
  {
    addresses: Type.Array(address, {
      minItems: 1,
      description: "The nodes of a system that runs already: nothing is started, nothing is disposed of.",
      examples: [[{ node: "node-1", host: "10.0.0.11", ports: { http: 8080 } }]],
    }),
    ...common,
  },
  { ...closed, title: "nodes that run already" },
);

/** Where nodes come from: `start` or `addresses`. */
export const nodesSchema = Type.Union([started, running], {
  description: "The nodes: how they are started here, or where they run already (`addresses`).",
  examples: [
    {
      prefix: "n",
      minimum: 3,
      maximum: 9,
      ports: ["http"],
      start: { program: "my-server", arguments: ["--listen={host}:{port.http}"] },
      readyWithin: "20s",
    },
  ],
});
