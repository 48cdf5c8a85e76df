import { Type } from "typebox";
import { closed, durationText } from "../core/schema-parts.ts";

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
  description: "A time with its unit, a number, a share with %, a word, or true and false.",
  examples: ["3s"],
});

/** A parameter of a scenario. */
export const parameter = Type.Object(
  {
    default: Type.Union([...scalar.anyOf], {
      description:
        "Its value where nobody says otherwise; its kind (time, number, share, word) is that of every other.",
      examples: ["3s", 5, "stall"],
    }),
    description: Type.Optional(
      Type.String({ description: "What it changes.", examples: ["How long the leader stays lost."], default: "" }),
    ),
    environment: Type.Optional(
      Type.String({
        pattern: "^[A-Z][A-Z0-9_]*$",
        description: "A variable of the environment that sets it; for a time a bare number means seconds.",
        examples: ["CHAOS_DURATION"],
        default: "none",
      }),
    ),
    choices: Type.Optional(
      Type.Array(scalar, {
        minItems: 1,
        description: "The only values allowed.",
        examples: [["stall", "refuse"]],
        default: "any of its kind",
      }),
    ),
    minimum: Type.Optional(
      Type.Union([...scalar.anyOf], { description: "Least value allowed.", examples: ["100ms"], default: "none" }),
    ),
    maximum: Type.Optional(
      Type.Union([...scalar.anyOf], { description: "Greatest value allowed.", examples: ["10m"], default: "none" }),
    ),
  },
  { ...closed, description: "A value that `$name` stands for anywhere in this file.", examples: [{ default: "3s" }] },
);

/** One profile. */
export const profile = Type.Object(
  {
    nodes: Type.Integer({ minimum: 1, description: "How many nodes.", examples: [5], "x-unit": "nodes" }),
    joiners: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "How many of them start outside of the swarm, and join by a step (`join`): the last ones.",
        examples: [2],
        default: 0,
        "x-unit": "nodes",
      }),
    ),
    warmUp: Type.Optional(
      durationText({ description: "Traffic before the first fault.", examples: ["1s"], default: "1s" }),
    ),
    coolDown: Type.Optional(
      durationText({ description: "Traffic after recovery.", examples: ["500ms"], default: "500ms" }),
    ),
    set: Type.Optional(
      Type.Record(Type.String(), scalar, {
        description: "Values of parameters in this profile.",
        examples: [{ hold: "30s" }],
        default: "each parameter's default",
      }),
    ),
  },
  {
    ...closed,
    description: "Sizes and times of one profile. A profile may shorten these, never a limit.",
    examples: [{ nodes: 5, warmUp: "1s", coolDown: "500ms" }],
  },
);
