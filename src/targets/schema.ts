import { type Static, Type } from "typebox";
import { closed, durationText, nameText } from "../core/schema-parts.ts";

const statuses = Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
  minItems: 1,
  description: "HTTP statuses that count.",
});

const pattern = Type.Object(
  {
    statuses,
    where: Type.Optional(
      Type.Object(
        { pointer: Type.String({ pattern: "^/" }), equals: Type.Unknown() },
        { ...closed, description: "The value that must stand at a place (JSON pointer) of the answer's body." },
      ),
    ),
  },
  closed,
);

const operation = Type.Object(
  {
    port: Type.String({ description: "Which of the node's ports is asked." }),
    method: Type.Union(
      ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => Type.Literal(method)),
      { description: "HTTP method." },
    ),
    path: Type.String({ pattern: "^/", description: "Path; {name} is replaced by the argument of that name." }),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    body: Type.Optional(
      Type.Unknown({ description: "JSON body; a text that is just {name} becomes that argument, typed." }),
    ),
    ok: Type.Optional(pattern),
    definite: Type.Optional(
      Type.Array(pattern, {
        description: "Answers which prove that the operation did not and will not happen. All others may have.",
      }),
    ),
    values: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: "^(/|$)" }), {
        description: "Values of the answer by name: a JSON pointer each, with * for the index of a list.",
      }),
    ),
  },
  closed,
);

const argument = Type.Union([
  Type.String(),
  Type.Object({ each: Type.Literal("peer"), template: Type.String(), join: Type.String() }, closed),
]);

/** The target file's language: everything that the harness knows of a system. */
export const targetSchema = Type.Object(
  {
    name: nameText({ description: "Name by which the target is asked for.", examples: ["my-system"] }),
    title: Type.String({ minLength: 1, description: "One line for people." }),
    nodes: Type.Object(
      {
        prefix: Type.String({ pattern: "^[a-z]+$", description: "Nodes are named by this and a number from 1." }),
        minimum: Type.Integer({ minimum: 1, description: "Fewest nodes with which it works." }),
        maximum: Type.Integer({ minimum: 1, description: "Most nodes that may be started." }),
        ports: Type.Array(Type.String(), { minItems: 1, description: "Names of the ports that each node listens on." }),
        start: Type.Object(
          {
            program: Type.String({ description: "The program; {runtime} is the Node that runs the harness." }),
            arguments: Type.Array(argument),
            environment: Type.Optional(Type.Record(Type.String(), Type.String())),
          },
          { ...closed, description: "How one node is started." },
        ),
        readyWithin: durationText({
          description: "How long a node may take from its start to its first healthy answer.",
          examples: ["20s"],
        }),
      },
      closed,
    ),
    links: Type.Object(
      { port: Type.String({ description: "The port over which nodes speak to each other." }) },
      closed,
    ),
    operations: Type.Record(Type.String(), operation, { description: "What can be asked of a node, by name." }),
    hooks: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            apply: Type.String(),
            remove: Type.String(),
            read: Type.String(),
            inForce: Type.Object({ value: Type.String(), equals: Type.Unknown() }, closed),
          },
          {
            ...closed,
            description: "A fault hook of the target's own: the operations that apply, remove and read it.",
          },
        ),
      ),
    ),
  },
  { ...closed, $id: "urn:prism-chaos:schema:target", title: "prism-chaos target" },
);

/** A target file that passed its schema, as written. */
export type TargetFile = Static<typeof targetSchema>;
