import { type Static, Type } from "typebox";
import { capabilities } from "../core/capability.ts";
import { type ProfileName, chaosClasses } from "../core/scenario.ts";
import { closed, durationText, nameText } from "../core/schema-parts.ts";
import { parameter, profile } from "./profile-schema.ts";
import { blocks, tasks } from "./side-traffic-schema.ts";
import { selection, step } from "./step-schema.ts";
import { edits, workload } from "./workload-schema.ts";

/** What is checked where a scenario does not say: whether it was a test at all, and whether anything was lost or stale. */
export const defaultChecks = [
  "steady-before",
  "fault-in-force",
  "at-risk",
  "fault-gone",
  "acknowledged-writes",
  "linearizable",
] as const;

const checks = (fallback: unknown) =>
  Type.Optional(
    Type.Array(Type.String({ description: "A check: `prism-chaos list checks`.", examples: ["linearizable"] }), {
      minItems: 1,
      description: "What is checked of every run.",
      examples: [["fault-in-force", "acknowledged-writes"]],
      default: fallback,
    }),
  );

const expectations = Type.Array(
  Type.String({
    description: "A comparison of a measure (`prism-chaos list measures`) with a value of its unit.",
    examples: ["failover.time < 5s", "uptime.ratio >= 99.5%", "writes.lost == 0"],
  }),
  {
    minItems: 1,
    description:
      "What must hold of every run, one comparison a line. A limit is held against the worse end of the bracket.",
    examples: [["failover.time < 5s", "writes.lost == 0"]],
  },
);

const variant = Type.Object(
  {
    title: Type.String({ minLength: 1, description: "One line for people.", examples: ["The leader is killed"] }),
    cast: Type.Optional(
      Type.Record(nameText({ description: "A part.", examples: ["lost"] }), selection, {
        ...closed,
        description: "Who plays which part: chosen in this order just before the first step, nobody twice.",
        examples: [{ lost: "leader", others: "2 followers" }],
        default: "{}",
      }),
    ),
    timeline: Type.Array(step, {
      minItems: 1,
      description: "Steps, one after another, or each at its time (`at`). At least one injects a fault.",
      examples: [[{ inject: "kill", on: "leader", for: "3s" }]],
    }),
    checks: checks("those of the scenario"),
    expect: Type.Optional(expectations),
  },
  {
    ...closed,
    description: "One way in which it plays out.",
    examples: [{ title: "The leader is killed", timeline: [{ inject: "kill", on: "leader", for: "3s" }] }],
  },
);

const steadyState = Type.Object(
  {
    probes: Type.Array(
      Type.String({ description: "A probe: `prism-chaos list probes`.", examples: ["healthy", "one-leader"] }),
      { minItems: 1, description: "What must hold.", examples: [["healthy", "one-leader"]] },
    ),
    hold: Type.Optional(
      durationText({ description: "How long all must go on holding to count.", examples: ["2s"], default: "2s" }),
    ),
    within: Type.Optional(
      durationText({ description: "How long it is waited for.", examples: ["20s"], default: "20s" }),
    ),
  },
  {
    ...closed,
    description: "What must hold before the first fault, and again after the last.",
    examples: [{ probes: ["healthy", "one-leader"], hold: "2s", within: "20s" }],
  },
);

const limits = Type.Object(
  {
    fault: Type.Optional(
      durationText({
        description: "Longest time for which one fault may be in force, its waits included.",
        examples: ["2m"],
        default: "10m",
      }),
    ),
    run: Type.Optional(
      durationText({
        description: "Longest time that a run may take; then it is healed and inconclusive. `--timeout` changes it.",
        examples: ["15m"],
        default: "1h",
      }),
    ),
    nodes: Type.Optional(
      Type.String({
        pattern: "^[0-9]+(\\.[0-9]+)?%$",
        description: "Largest share of the nodes that one fault may hit.",
        examples: ["50%"],
        default: "100%",
        "x-unit": "share of the nodes, in %",
      }),
    ),
  },
  { ...closed, description: "What may not be exceeded, whatever the parameters say.", examples: [{ fault: "2m" }] },
);

const names = (description: string, examples: readonly string[]): ReturnType<typeof Type.Array> =>
  Type.Array(Type.String({ description: "Its name.", examples: [...examples] }), {
    description,
    examples: [[...examples]],
    default: [],
  });

/** The scenario file's language. */
export const scenarioSchema = Type.Object(
  {
    name: nameText({ description: "Name by which it is run.", examples: ["leader-loss"] }),
    title: Type.String({ minLength: 1, description: "One line for people.", examples: ["The leader is lost"] }),
    description: Type.Optional(
      Type.String({ description: "A paragraph for whoever chooses one.", examples: ["Why it matters."], default: "" }),
    ),
    class: Type.Enum([...chaosClasses], {
      description: "The class of its contract file, reports/chaos_<class>.json.",
      examples: ["leader_election_failure"],
    }),
    tags: Type.Optional(
      Type.Array(nameText({ description: "A word.", examples: ["api"] }), {
        minItems: 1,
        uniqueItems: true,
        description: "Words by which scenarios are chosen: `run --all --tag api`. They change nothing of what is run.",
        examples: [["api"]],
        default: [],
      }),
    ),
    needs: Type.Optional(
      Type.Object(
        {
          operations: Type.Optional(names("Operations of the target.", ["digest"])),
          capabilities: Type.Optional(
            Type.Array(
              Type.Enum(Object.keys(capabilities), { description: "A capability.", examples: ["link.stall"] }),
              {
                description: "What the target must let the harness do.",
                examples: [["process.kill"]],
                default: [],
              },
            ),
          ),
        },
        {
          ...closed,
          description: "What the target must offer beyond what probes, traffic and steps show by themselves.",
          examples: [{ operations: ["digest"] }],
          default: {},
        },
      ),
    ),
    parameters: Type.Optional(
      Type.Record(nameText({ description: "Its name.", examples: ["hold"] }), parameter, {
        ...closed,
        description: "Values that `$name` stands for in this file; `--set name=value` and the environment change them.",
        examples: [{ hold: { default: "3s", environment: "CHAOS_DURATION" } }],
        default: {},
      }),
    ),
    profiles: Type.Object({ quick: profile, full: profile } satisfies Record<ProfileName, unknown>, {
      ...closed,
      description: "Sizes and times of `--profile quick` (the default) and `--profile full`.",
      examples: [{ quick: { nodes: 5 }, full: { nodes: 5, warmUp: "10s" } }],
    }),
    steadyState,
    phase: Type.Optional(
      durationText({
        description: "The first fault comes at a random moment of this length: a period of the system's own timers.",
        examples: ["800ms"],
        default: "1s",
      }),
    ),
    workload: Type.Optional(workload),
    edits: Type.Optional(edits),
    blocks: Type.Optional(blocks),
    tasks: Type.Optional(tasks),
    checks: checks([...defaultChecks]),
    expect: expectations,
    abort: Type.Optional(
      Type.Array(
        Type.String({
          description:
            "A comparison of a gauge (`prism-chaos list gauges`), or a probe that `holds` or `fails`; and for how long it must go on.",
          examples: ["nodes.healthy < 2 for 3s", "one-leader fails for 10s", "fault.time > 60s"],
        }),
        {
          minItems: 1,
          description: "What ends the faults at once, while they are in force, and fails the run.",
          examples: [["nodes.healthy < 2 for 3s", "errors.ratio > 90% for 10s"]],
          default: "nothing does",
        },
      ),
    ),
    limits: Type.Optional(limits),
    recoverWithin: Type.Optional(
      durationText({
        description: "How long recovery is waited for after the last fault is gone.",
        examples: ["30s"],
        default: "30s",
      }),
    ),
    variants: Type.Record(nameText({ description: "Its name.", examples: ["kill"] }), variant, {
      ...closed,
      minProperties: 1,
      description: "Ways in which it plays out, by name; each run plays one.",
      examples: [{ kill: { title: "Killed", timeline: [{ inject: "kill", on: "leader", for: "3s" }] } }],
    }),
  },
  { ...closed, $id: "urn:prism-chaos:schema:scenario", title: "prism-chaos scenario" },
);

/** A scenario file that passed its schema, as written, parameters filled in. */
export type ScenarioFile = Static<typeof scenarioSchema>;
