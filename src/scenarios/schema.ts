import { type Static, Type } from "typebox";
import { castRoles, chaosClasses, type ProfileName } from "../core/scenario.ts";

const closed = { additionalProperties: false } as const;
const name = (description: string): ReturnType<typeof Type.String> =>
  Type.String({ pattern: "^[a-z][a-z0-9-]*$", description });
const duration = (description: string): ReturnType<typeof Type.String> =>
  Type.String({
    pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$",
    description: `${description} With its unit, as 250ms, 5s, 2m.`,
  });

const profile = Type.Object(
  {
    nodes: Type.Integer({ minimum: 1, description: "How many nodes are started." }),
    warmUp: duration("Traffic before the first fault."),
    coolDown: duration("Traffic after recovery."),
    durations: Type.Optional(
      Type.Record(Type.String(), duration("A time that steps refer to by this name."), {
        description: "Times that differ between profiles; a step says `for: NAME`.",
      }),
    ),
  },
  { ...closed, description: "Sizes and times. A profile may shorten these, never a limit." },
);

const within = Type.Optional(duration("How long it is waited at most; 5s unless said."));
const subjects = Type.Union([Type.Literal("everyone"), Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
  description: "A part of the cast, a list of them, or the word everyone.",
});

const step = Type.Union([
  Type.Object(
    {
      inject: Type.String({ description: "The kind of fault." }),
      as: Type.Optional(name("What this fault is called in this timeline; its kind unless said.")),
      on: Type.Optional(subjects),
      sides: Type.Optional(
        Type.Array(Type.Array(Type.String(), { minItems: 1 }), { minItems: 2, description: "Groups of the cast." }),
      ),
      with: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "Parameters of the fault." })),
      for: Type.Optional(
        Type.String({ description: "How long it is held: a time, or the name of one of the profile's durations." }),
      ),
    },
    { ...closed, title: "inject" },
  ),
  Type.Object({ heal: name("The fault to take back.") }, { ...closed, title: "heal" }),
  Type.Object({ call: Type.String(), on: Type.String() }, { ...closed, title: "call an operation" }),
  Type.Object(
    { hold: Type.String({ description: "A time, or the name of a duration." }) },
    { ...closed, title: "hold" },
  ),
  Type.Object({ workload: Type.Enum(["pause", "resume"]) }, { ...closed, title: "workload" }),
  Type.Object({ await: Type.String({ description: "A probe." }), within }, { ...closed, title: "await a probe" }),
  Type.Object(
    {
      await: Type.Object(
        {
          operation: Type.String(),
          on: Type.String(),
          value: Type.String(),
          is: Type.String({ pattern: "^(<|<=|==|>=|>) *[0-9.]+$", description: "A comparison, as >= 3." }),
        },
        closed,
      ),
      within,
    },
    { ...closed, title: "await a value" },
  ),
]);

const expectations = Type.Array(Type.String({ description: "A comparison, as failover.time < 5s." }), { minItems: 1 });

const variant = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    cast: Type.Record(Type.String(), Type.Enum([...castRoles]), {
      description: "Who plays a part: a label and a role. No node plays two.",
    }),
    timeline: Type.Array(step, { minItems: 1, description: "Steps, one after another." }),
    expect: Type.Optional(expectations),
  },
  closed,
);

const share = Type.Number({ minimum: 0, maximum: 1 });

/** The scenario file's language. */
export const scenarioSchema = Type.Object(
  {
    name: name("Name by which it is run."),
    title: Type.String({ minLength: 1, description: "One line for people." }),
    class: Type.Enum([...chaosClasses], { description: "The class of its contract file, reports/chaos_<class>.json." }),
    profiles: Type.Object({ quick: profile, full: profile } satisfies Record<ProfileName, unknown>, closed),
    steadyState: Type.Object(
      {
        probes: Type.Array(Type.String(), { minItems: 1 }),
        hold: duration("How long all must go on holding."),
        within: duration("How long it is waited for."),
      },
      { ...closed, description: "What must hold before the first fault, and again after the last." },
    ),
    phase: duration("The first fault comes at a random moment of this length: a period of the system's own timers."),
    workload: Type.Object(
      {
        name: Type.String(),
        clientsPerNode: Type.Integer({
          minimum: 0,
          description: "Clients that speak to one node only, whatever happens.",
        }),
        roamingClients: Type.Integer({
          minimum: 0,
          description: "Clients that go to the next node when one does not serve them.",
        }),
        keys: Type.Integer({ minimum: 1 }),
        think: duration("Pause of a client after each answer."),
        timeout: duration("After this an operation may or may not have happened."),
        mix: Type.Object({ read: share, write: share, cas: share }, closed),
      },
      { ...closed, description: "The traffic." },
    ),
    checks: Type.Array(Type.String(), { minItems: 1, description: "What is checked of every run." }),
    expect: expectations,
    recoverWithin: duration("How long recovery is waited for after the last fault is gone."),
    variants: Type.Record(Type.String({ pattern: "^[a-z][a-z0-9-]*$" }), variant, {
      ...closed,
      minProperties: 1,
      description: "Ways in which it plays out; each run plays one.",
    }),
  },
  { ...closed, $id: "urn:prism-chaos:schema:scenario", title: "prism-chaos scenario" },
);

/** A scenario file that passed its schema, as written. */
export type ScenarioFile = Static<typeof scenarioSchema>;
