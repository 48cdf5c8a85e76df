import { Type } from "typebox";
import { closed, durationText, nameText } from "../core/schema-parts.ts";

const selectionExamples = ["lost", "leader", "2 followers", "50%", "minority with lost", "all but lost"] as const;

/** Who is meant, in one line. */
export const selection = Type.Union(
  [Type.String({ minLength: 1, title: "who" }), Type.Integer({ minimum: 1, title: "how many" })],
  {
    description:
      "Who: a part of the cast, `leader`, `follower`, `2 followers`, `3`, `50%`, `majority`, `minority with NAME`, `all but NAME`, `rest`, `node n2`, or `everyone` (never by leaving it out).",
    examples: [...selectionExamples],
  },
);

const subjects = Type.Union(
  [...selection.anyOf, Type.Array(selection, { minItems: 1, title: "a list", examples: [["lost", "also-lost"]] })],
  {
    description: "Whom it hits: one selection, or a list of them.",
    examples: [...selectionExamples, ["lost", "also-lost"]],
  },
);

const at = Type.Optional(
  durationText({
    description:
      "When, counted from the start of the timeline. Either every step of a timeline has a time or none has: then each comes when the one before is done.",
    examples: ["0s", "10s"],
    default: "when the step before is done",
  }),
);
const within = Type.Optional(
  durationText({
    description: "How long it is waited at most; a system that does not come to it ends the timeline.",
    examples: ["10s"],
    default: "5s",
  }),
);

const inject = Type.Object(
  {
    at,
    inject: Type.String({
      description: "The kind of fault: `prism-chaos list faults`.",
      examples: ["kill", "isolate"],
    }),
    as: Type.Optional(
      nameText({
        description: "What this fault is called in this timeline, for `heal` and for messages.",
        examples: ["first-cut"],
        default: "the kind of fault",
      }),
    ),
    on: Type.Optional(subjects),
    sides: Type.Optional(
      Type.Array(subjects, {
        minItems: 2,
        description: "Instead of `on`, for a fault between groups: who is on each side. A node on none hears all.",
        examples: [["minority with lost", "rest"]],
      }),
    ),
    with: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Unknown({
          description: "A parameter of that fault: `prism-chaos explain fault.KIND`.",
          examples: ["stall"],
        }),
        { description: "Parameters of the fault, by name.", examples: [{ mode: "stall" }], default: "the fault's own" },
      ),
    ),
    for: Type.Optional(
      durationText({
        description: "How long it is in force before it is healed.",
        examples: ["3s"],
        default: "until a step heals it, at the latest the end of the timeline",
      }),
    ),
  },
  { ...closed, title: "inject a fault" },
);

const awaitedValue = Type.Object(
  {
    operation: Type.String({ description: "An operation of the target.", examples: ["leader"] }),
    on: selection,
    value: Type.String({ description: "Which value of its answer.", examples: ["term"] }),
    is: Type.String({
      pattern: "^(<|<=|==|>=|>) *-?[0-9.]+$",
      description: "What it must compare to.",
      examples: [">= 3"],
    }),
  },
  { ...closed, title: "a value of an answer" },
);

/** One step of a timeline, discriminated by its verb. */
export const step = Type.Union(
  [
    inject,
    Type.Object(
      {
        at,
        heal: nameText({ description: "Takes back a fault that is in force, by its name.", examples: ["first-cut"] }),
      },
      { ...closed, title: "heal a fault" },
    ),
    Type.Object(
      {
        at,
        call: Type.String({ description: "Calls an operation of the target, once.", examples: ["campaign"] }),
        on: selection,
      },
      { ...closed, title: "call an operation" },
    ),
    Type.Object(
      {
        at,
        join: Type.Integer({
          minimum: 1,
          description: "Lets so many of the profile's joiners join the swarm, and waits until each is connected.",
          examples: [2],
          "x-unit": "nodes",
        }),
        within,
      },
      { ...closed, title: "let agents join" },
    ),
    Type.Object(
      { hold: durationText({ description: "Lets everything go on as it is for so long.", examples: ["2s"] }) },
      { ...closed, title: "hold" },
    ),
    Type.Object(
      {
        at,
        workload: Type.Enum(["pause", "resume"], {
          description: "Lets every client rest after its answer, or go on.",
          examples: ["pause"],
        }),
      },
      { ...closed, title: "pause or resume the traffic" },
    ),
    Type.Object(
      {
        await: Type.Union([Type.String({ title: "a probe" }), awaitedValue], {
          description: "Waits until a probe holds, or until a value of a node's answer compares so.",
          examples: ["no-leader", { operation: "leader", on: "lost", value: "term", is: ">= 3" }],
        }),
        within,
      },
      { ...closed, title: "await a probe or a value" },
    ),
  ],
  {
    description: "A step, told by its verb: inject, heal, call, join, hold, workload or await.",
    examples: [{ hold: "2s" }],
  },
);
