import { Type } from "typebox";
import { closed } from "../core/schema-parts.ts";

// What the target itself offers for faults: hooks, limits by hooks, and the files of its data that may be altered.

const operationName = (description: string, example: string): ReturnType<typeof Type.String> =>
  Type.String({ description, examples: [example] });

const heldExample = {
  apply: "hold-elections",
  remove: "release-elections",
  read: "elections",
  inForce: { value: "held", equals: true },
};

/** A fault hook of the target's own. */
export const hookSchema = Type.Object(
  {
    apply: operationName("The operation that puts it in force.", "hold-elections"),
    remove: operationName("The operation that takes it back.", "release-elections"),
    read: operationName("The operation that tells whether it is in force.", "elections"),
    arguments: Type.Optional(
      Type.Array(
        Type.String({ pattern: "^[a-z][a-z0-9-]*$", description: "An argument's name.", examples: ["service"] }),
        {
          minItems: 1,
          uniqueItems: true,
          description:
            "What it is told each time: {name} holders in its operations and in inForce stand for these. Who injects it says all of them.",
          examples: [["service", "dependents"]],
          default: "it is told nothing",
        },
      ),
    ),
    inForce: Type.Object(
      {
        value: Type.String({
          description: "Which value of `read` tells; holders for arguments may stand in it.",
          examples: ["held", "{service}"],
        }),
        equals: Type.Unknown({
          description: "What it is while the hook is in force; a single holder is that argument, with its type.",
          examples: [true, "failed", "{bytes}"],
        }),
      },
      {
        ...closed,
        description: "How the answer of `read` shows that it is in force.",
        examples: [{ value: "held", equals: true }],
      },
    ),
    shows: Type.Optional(
      Type.Object(
        {
          operation: operationName("Any operation that shows it.", "health"),
          value: Type.String({
            description: "Which of its values; holders for arguments may stand in it.",
            examples: ["{service}"],
          }),
          equals: Type.Unknown({ description: "What it is while the hook is in force.", examples: ["failed"] }),
        },
        {
          ...closed,
          description:
            "How anybody sees that it is in force, beside those who may ask `read`: what the witness looks at. A system may need a while until it shows there.",
          examples: [{ operation: "services", value: "{service}", equals: "failed" }],
          default: "what `read` tells",
        },
      ),
    ),
  },
  {
    ...closed,
    description: "A fault hook of the target's own: the operations that apply, remove and read it.",
    examples: [heldExample],
  },
);

const limitHook = (what: string, example: string) =>
  Type.Optional(
    Type.String({
      description: `The hook that limits ${what} of a node; it has one argument, bytes.`,
      examples: [example],
      default: "none: only where this machine permits it to the harness itself",
    }),
  );

/** The hooks by which the target limits itself. */
export const limitsSchema = Type.Object(
  { memory: limitHook("the memory", "limit-memory"), disk: limitHook("the disk space", "limit-disk") },
  {
    ...closed,
    description:
      "Hooks that limit a node, used where this machine does not permit the harness to do it from outside (cgroups, mounting).",
    examples: [{ memory: "limit-memory", disk: "limit-disk" }],
    default: "none",
  },
);

const reported = (description: string, example: string, absent: string) =>
  Type.Optional(
    Type.Object(
      {
        operation: operationName("The operation that tells it.", "metrics"),
        value: Type.String({
          description: "Which of its values: a number, or a list that is counted.",
          examples: [example],
        }),
      },
      { ...closed, description, examples: [{ operation: "metrics", value: example }], default: absent },
    ),
  );

const more = {
  skip: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: "So many bytes at the beginning of each file are a header, and are left as they are.",
      examples: [16],
      default: 0,
      "x-unit": "bytes",
    }),
  ),
  found: reported(
    "Where a node says how many altered files it has found: the witness of faults that alter them.",
    "corruptFound",
    "no witness: a run that alters them stays unknown",
  ),
  open: reported(
    "Where a node says how many of those are not repaired yet: 0 means that the fault is over.",
    "quarantined",
    "over as soon as it finds no more",
  ),
  failing: Type.Optional(
    Type.Object(
      {
        operation: operationName("The operation that tells it.", "services"),
        value: Type.String({ description: "Which of its values.", examples: ["storage"] }),
        equals: Type.Unknown({ description: "What it is then.", examples: ["failed"] }),
      },
      {
        ...closed,
        description: "What a node says while these files cannot be opened: the witness of faults that let them fail.",
        examples: [{ operation: "services", value: "storage", equals: "failed" }],
        default: "no witness: a run that lets them fail stays unknown",
      },
    ),
  ),
};

const path = (description: string, example: string) =>
  Type.String({
    pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$",
    description,
    examples: [example],
  });

const files = Type.Union(
  [
    Type.Object(
      {
        folder: path("A folder, from the node's {data}.", "blocks"),
        match: Type.Optional(
          Type.String({
            minLength: 1,
            description: "A regular expression that the names of its files match.",
            examples: ["^[0-9a-f]{64}$"],
            default: "all files in it",
          }),
        ),
        ...more,
      },
      { ...closed, title: "the files of a folder" },
    ),
    Type.Object(
      { file: path("A file, from the node's {data}.", "audit.log"), ...more },
      { ...closed, title: "one file" },
    ),
  ],
  {
    description: "Files of a node's data: a folder's, or one.",
    examples: [{ folder: "blocks", match: "^[0-9a-f]{64}$" }, { file: "audit.log" }],
  },
);

/** Files of nodes' data, by name. */
export const filesSchema = Type.Record(Type.String(), files, {
  description: "Files of a node's data that faults of storage may alter, by name. Only of nodes that are started here.",
  examples: [{ blocks: { folder: "blocks" }, audit: { file: "audit.log" } }],
  default: "none: no file is altered",
});
