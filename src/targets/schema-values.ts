import { Type } from "typebox";
import { closed, type KeyDescription } from "../core/schema-parts.ts";
import { conversions } from "../core/target.ts";

// The parts of the language that read answers, and those that fill requests.

const pointerPattern = "^(/|$)";

function pointerText(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({ pattern: pointerPattern, ...key });
}

/** A text in which `{holder}` and `{holder|filter}` are filled. */
export function templateText(key: KeyDescription): ReturnType<typeof Type.String> {
  return Type.String({ ...key });
}

const pointerOfCondition = pointerText({
  description: "A place in the answer's JSON, as a JSON pointer (RFC 6901).",
  examples: ["/header/raft_term", "/items/0/id"],
});

const condition = Type.Union(
  [
    Type.Object(
      {
        pointer: pointerOfCondition,
        equals: Type.Unknown({
          description: "The JSON value that must stand at that place.",
          examples: [true, "leader", 0],
        }),
      },
      { ...closed, title: "a place equals a value" },
    ),
    Type.Object(
      {
        pointer: pointerOfCondition,
        matches: Type.String({
          description: "A regular expression that the text at that place must match.",
          examples: ["^[0-9]+$"],
        }),
      },
      { ...closed, title: "a place matches" },
    ),
    Type.Object(
      {
        pointer: pointerOfCondition,
        absent: Type.Literal(true, {
          description: "The answer is JSON and has no such place.",
          examples: [true],
        }),
      },
      { ...closed, title: "a place is absent" },
    ),
    Type.Object(
      {
        matches: Type.String({
          description: "A regular expression that the answer's text must match.",
          examples: ["^OK$"],
        }),
      },
      { ...closed, title: "the text matches" },
    ),
  ],
  { description: "Something that must hold of an answer.", examples: [{ pointer: "/applied", equals: "no" }] },
);

const whereExamples: readonly [unknown] = [{ pointer: "/applied", equals: "no" }];

/** What must hold of an answer: one condition, or a list of which all must hold. */
export function conditionsSchema(key: KeyDescription) {
  const list = Type.Array(condition, {
    minItems: 1,
    description: "Conditions that must all hold.",
    examples: [[{ pointer: "/applied", equals: "no" }, { matches: "refused" }]],
  });
  return Type.Union([condition, list], { ...key });
}

const where = Type.Optional(
  conditionsSchema({
    description: "What must hold of the answer besides: a condition, or a list of which all must hold.",
    examples: whereExamples,
    default: "nothing more than the code",
  }),
);

/** An answer told by its HTTP status. */
export function statusPattern(key: KeyDescription) {
  const status = Type.Integer({ minimum: 100, maximum: 599, description: "An HTTP status.", examples: [200] });
  const statuses = Type.Array(status, {
    minItems: 1,
    description: "HTTP statuses that count.",
    examples: [[200], [400, 404, 409]],
  });
  return Type.Object({ statuses, where }, { ...closed, title: "an answer by its status", ...key });
}

/** An answer told by a program's exit code. */
export function exitPattern(key: KeyDescription) {
  const code = Type.Integer({ minimum: 0, maximum: 255, description: "An exit code.", examples: [0] });
  const exitCodes = Type.Array(code, { minItems: 1, description: "Exit codes that count.", examples: [[0], [10, 68]] });
  return Type.Object({ exitCodes, where }, { ...closed, title: "an answer by its exit code", ...key });
}

/** An answer that has no code, told by what it says. */
export function textPattern(key: KeyDescription) {
  const said = conditionsSchema({
    description: "What must hold of the answer: a condition, or a list of which all must hold.",
    examples: [{ matches: "^OK" }],
  });
  return Type.Object({ where: said }, { ...closed, title: "an answer by what it says", ...key });
}

const conversion = Type.Enum([...conversions], {
  description:
    "What is made of it: integer, number, text, base64 (decoded to text), hex (decimal digits of any size to hexadecimal), node (the name of the node that the system knows by this identity; null where nobody has it).",
  examples: ["integer", "node"],
});

const valueKeys = {
  each: Type.Optional(
    Type.Boolean({
      description: "Take a list: every match, or every item of the list at the place. Conversions apply to each.",
      examples: [true],
      default: false,
    }),
  ),
  as: Type.Optional(
    Type.Union(
      [
        conversion,
        Type.Array(conversion, {
          minItems: 1,
          description: "Conversions, applied in this order.",
          examples: [["hex", "node"]],
        }),
      ],
      {
        description: "A conversion, or a list of them applied in order. What is null stays null.",
        examples: ["integer", ["hex", "node"]],
        default: "the value as it stands there",
      },
    ),
  ),
  absent: Type.Optional(
    Type.Unknown({
      description: "What the value is where the place is not there. Say it only if the system leaves the place out.",
      examples: [null, 0],
      default: "an answer without the place is not a good one: nobody knows what happened",
    }),
  ),
};

const placeText = pointerText({
  description: "A JSON pointer, with * for the index of a list: /peers/*/id gives a list.",
  examples: ["/leader", "/peers/*/id"],
});

/** Where a value stands in an answer, and what is made of it. */
export const valueSchema = Type.Union(
  [
    placeText,
    Type.Object({ at: placeText, ...valueKeys }, { ...closed, title: "a value at a place" }),
    Type.Object(
      {
        match: Type.String({
          minLength: 1,
          description: "A regular expression over an answer that is text; its first group is the value.",
          examples: ["^term: ([0-9]+)$"],
        }),
        ...valueKeys,
      },
      { ...closed, title: "a value by a regular expression" },
    ),
  ],
  {
    description: "Where a value stands in the answer: a JSON pointer, or an object that says more.",
    examples: ["/term", { at: "/header/term", as: "integer" }, { match: "^leader: (\\S+)$" }],
  },
);
