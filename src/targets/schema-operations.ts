import { Type } from "typebox";
import { closed } from "../core/schema-parts.ts";
import { environmentSchema } from "./schema-nodes.ts";
import { saysByExit, saysByStatus, saysByText } from "./schema-says.ts";
import {
  conditionsSchema,
  exitPattern,
  statusPattern,
  templateText,
  textPattern,
  valueSchema,
} from "./schema-values.ts";

// The four kinds of operations. They differ by the const `by`; http is the one that needs no `by`.

const holders =
  "Holders: {key}, {value}, {expected} and {id} of the request ({document}, {edit}, {block}, {content}, {memory}, {duration} of those that have them); {node}, {host} and {port.NAME} of the node asked; {folder} of this file.";

const portKey = Type.String({ description: "Which of the node's ports is asked.", examples: ["http"] });
const pathKey = Type.String({
  pattern: "^/",
  description: `Path, with a leading slash. ${holders} {key|url} is escaped for a path.`,
  examples: ["/kv/{key|url}"],
});
const headersKey = Type.Optional(
  Type.Record(
    Type.String(),
    templateText({ description: `A header's value. ${holders}`, examples: ["application/json"] }),
    {
      description: "Headers by name.",
      examples: [{ "content-type": "application/json" }],
      default: "none but those of the credentials",
    },
  ),
);
const credentialsKey = Type.Optional(
  Type.Literal("none", {
    description: "This operation is asked without the target's credentials.",
    examples: ["none"],
    default: "the target's credentials, if it has any",
  }),
);
const valuesKey = Type.Optional(
  Type.Record(Type.String(), valueSchema, {
    description:
      "Values of a good answer, by the name that the harness knows: value, term and leader of reads and writes, leader and term of `leader`, peers (and heardMs) of `peers`.",
    examples: [{ value: "/value", term: { at: "/term", as: "integer" } }],
    default: "none",
  }),
);
function answerKey(fallback: "json" | "text") {
  return Type.Optional(
    Type.Enum(["json", "text"], {
      description: "How the answer is read: places (JSON pointers) need json, regular expressions over it need text.",
      examples: ["text"],
      default: fallback,
    }),
  );
}
const definiteText =
  "Answers which prove that the operation did not and will not happen. All others that are not ok may have happened.";
const definiteOne = "An answer which proves it.";
const definiteDefault = "none: only a connection that never came about proves it";

const http = Type.Object(
  {
    by: Type.Optional(Type.Literal("http", { description: "Asked over HTTP.", examples: ["http"], default: "http" })),
    port: portKey,
    method: Type.Enum(["GET", "POST", "PUT", "PATCH", "DELETE"], { description: "HTTP method.", examples: ["POST"] }),
    path: pathKey,
    headers: headersKey,
    credentials: credentialsKey,
    body: Type.Optional(
      Type.Unknown({
        description: `JSON body; a text that is just one holder becomes its value, typed. ${holders}`,
        examples: [{ key: "{key|base64}", value: "{value|base64}" }],
        default: "no body",
      }),
    ),
    cases: Type.Optional(
      Type.Array(
        Type.Object(
          {
            when: Type.Record(
              Type.String(),
              Type.Unknown({ description: "The value that the argument must have.", examples: [null] }),
              {
                minProperties: 1,
                description: "Arguments of the request and the values that they must have.",
                examples: [{ expected: null }],
              },
            ),
            body: Type.Unknown({ description: "The body then.", examples: [{ key: "{key}", ifAbsent: true }] }),
          },
          { ...closed, title: "a body for one case" },
        ),
        {
          minItems: 1,
          description: "Other bodies for some values of the arguments: the first that fits replaces `body`.",
          examples: [[{ when: { expected: null }, body: { key: "{key}", ifAbsent: true } }]],
          default: "always `body`",
        },
      ),
    ),
    answer: answerKey("json"),
    ok: Type.Optional(
      statusPattern({
        description: "The good answers.",
        examples: [{ statuses: [200] }],
        default: "status 200",
      }),
    ),
    definite: Type.Optional(
      Type.Array(statusPattern({ description: definiteOne, examples: [{ statuses: [409] }] }), {
        minItems: 1,
        description: definiteText,
        examples: [[{ statuses: [400, 409] }]],
        default: definiteDefault,
      }),
    ),
    values: valuesKey,
    says: saysByStatus,
  },
  { ...closed, title: "an operation over HTTP" },
);

const textAnswer = {
  ok: Type.Optional(
    textPattern({
      description: "The good answers.",
      examples: [{ where: { matches: "^OK" } }],
      default: "every answer that came",
    }),
  ),
  definite: Type.Optional(
    Type.Array(textPattern({ description: definiteOne, examples: [{ where: { matches: "^REFUSED" } }] }), {
      minItems: 1,
      description: definiteText,
      examples: [[{ where: { matches: "^REFUSED" } }]],
      default: definiteDefault,
    }),
  ),
  values: valuesKey,
  says: saysByText,
};

const websocket = Type.Object(
  {
    by: Type.Literal("websocket", { description: "Asked over a WebSocket of its own.", examples: ["websocket"] }),
    port: portKey,
    path: pathKey,
    headers: headersKey,
    credentials: credentialsKey,
    send: Type.Optional(
      Type.Unknown({
        description: `What is sent once it is open: a text, or JSON that is sent as text. ${holders}`,
        examples: [{ ask: "read", key: "{key}" }],
        default: "nothing: the other side speaks first",
      }),
    ),
    until: Type.Optional(
      conditionsSchema({
        description:
          "The answer is the first message of which this holds: a condition, or a list of which all must hold.",
        examples: [{ pointer: "/id", equals: 1 }],
        default: "the first message",
      }),
    ),
    answer: answerKey("json"),
    ...textAnswer,
  },
  { ...closed, title: "an operation over WebSocket" },
);

const tcp = Type.Object(
  {
    by: Type.Literal("tcp", { description: "Asked over a TCP connection of its own, in text.", examples: ["tcp"] }),
    port: portKey,
    send: Type.Optional(
      templateText({ description: `What is sent. ${holders}`, examples: ["GET {key}\n"], default: "nothing" }),
    ),
    until: Type.Optional(
      Type.String({
        minLength: 1,
        description: "The answer is whole as soon as this regular expression matches what was received.",
        examples: ["\\n$"],
        default: "when the other side ends the connection",
      }),
    ),
    ...textAnswer,
  },
  { ...closed, title: "an operation over TCP" },
);

const command = Type.Object(
  {
    by: Type.Literal("command", {
      description: "A program that is run here; it is killed when its time is over.",
      examples: ["command"],
    }),
    program: templateText({
      description: `The program: a name on PATH, or a path; {runtime} is the Node that runs the harness. ${holders}`,
      examples: ["redis-cli", "{folder}/ask.sh"],
    }),
    arguments: Type.Array(
      templateText({ description: `An argument. ${holders}`, examples: ["--port={port.client}"] }),
      {
        description: "Its arguments, each filled.",
        examples: [["-p", "{port.client}", "get", "{key}"]],
      },
    ),
    environment: environmentSchema,
    input: Type.Optional(
      templateText({
        description: `What it reads on standard input. ${holders}`,
        examples: ["get {key}\n"],
        default: "nothing",
      }),
    ),
    output: answerKey("text"),
    ok: Type.Optional(
      exitPattern({
        description: "The good answers.",
        examples: [{ exitCodes: [0] }],
        default: "exit code 0",
      }),
    ),
    definite: Type.Optional(
      Type.Array(exitPattern({ description: definiteOne, examples: [{ exitCodes: [68] }] }), {
        minItems: 1,
        description: definiteText,
        examples: [[{ exitCodes: [68] }]],
        default: "none: only a program that could not be started proves it",
      }),
    ),
    values: valuesKey,
    says: saysByExit,
  },
  { ...closed, title: "an operation by a program" },
);

/** An operation: what is asked of a node and how its answer is read. */
export const operationSchema = Type.Union([http, websocket, tcp, command], {
  description: "What is asked of a node, and how its answer is read. `by` says over what; http unless said.",
  examples: [{ port: "http", method: "GET", path: "/health" }],
});
