import { type Static, Type } from "typebox";
import { chaosClasses } from "../core/scenario.ts";
import { closed, durationText, namePattern, nameText } from "../core/schema-parts.ts";
import { aWaiver, waiver } from "./waiver-schema.ts";

const percentText = (description: string, example: string) =>
  Type.String({ pattern: "^[0-9]+(\\.[0-9]+)?%$", description, examples: [example], "x-unit": "share, in %" });

const path = (description: string, example: string) => Type.String({ minLength: 1, description, examples: [example] });

const comparison = (description: string, examples: readonly [string, ...string[]]) =>
  Type.String({ minLength: 1, description, examples: [...examples] });

const where = Type.Optional(
  Type.Object(
    {
      class: Type.Optional(
        Type.Enum([...chaosClasses], { description: "Runs of this class.", examples: ["data_corruption"] }),
      ),
      scenario: Type.Optional(nameText({ description: "Runs of this scenario.", examples: ["leader-loss"] })),
      variant: Type.Optional(nameText({ description: "Runs of this variant.", examples: ["kill"] })),
    },
    {
      ...closed,
      minProperties: 1,
      description: "Which runs are meant; without it all that should have measured it.",
      examples: [{ scenario: "leader-loss" }],
    },
  ),
);

const from = Type.Optional(
  Type.Array(path("A file, or a folder of files, relative to where the gate is called.", "artifacts/npm-audit.json"), {
    minItems: 1,
    description:
      "Files of other tools that say it: npm audit, SARIF, CycloneDX, JUnit, coverage, a matrix of API failures.",
    examples: [["artifacts/npm-audit.json"]],
  }),
);

const title = Type.Optional(
  Type.String({
    minLength: 1,
    description: "A line for whoever reads the decision.",
    examples: ["Enough requests a second"],
  }),
);

const criterion = Type.Object(
  {
    title,
    require: Type.Array(
      comparison("What must hold: a comparison, or a check and `holds`.", [
        "throughput.rate >= 100/s",
        "linearizable holds",
      ]),
      {
        minItems: 1,
        description: "All of these must hold.",
        examples: [["throughput.rate >= 100/s", "latency.p95 < 2s"]],
      },
    ),
    of: where,
    from,
    over: Type.Optional(
      Type.Enum(["every", "pooled"], {
        description: "Held against every run, or (of latency.p95) against the samples of all runs together.",
        examples: ["pooled"],
        default: "every",
      }),
    ),
    repetitions: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "So many runs at least, or it was not shown.",
        examples: [5],
        "x-unit": "runs",
      }),
    ),
    demonstrated: Type.Optional(
      percentText(
        "At least this share of such runs must be shown to hold it, with 95 % confidence: 95% takes 59 runs, none of which breaks it.",
        "90%",
      ),
    ),
  },
  { ...closed, description: "Something that must hold.", examples: [{ require: ["uptime.ratio >= 99.5%"] }] },
);

const trigger = Type.Object(
  {
    title,
    when: comparison("What blocks as soon as one run shows it: a comparison, or a check and `fails`.", [
      "writes.lost > 0",
      "linearizable fails",
    ]),
    of: where,
    from,
  },
  {
    ...closed,
    description: "Something that blocks whatever else holds, and is never waived.",
    examples: [{ when: "writes.lost > 0" }],
  },
);

const named = <T extends ReturnType<typeof Type.Object>>(one: T, description: string, example: unknown) =>
  Type.Optional(
    Type.Record(Type.String({ pattern: namePattern }), one, {
      ...closed,
      minProperties: 1,
      description,
      examples: [example],
      default: {},
    }),
  );

const evidence = Type.Object(
  {
    maxAge: Type.Optional(
      durationText({ description: "Older reports are stale; 24h at most.", examples: ["6h"], default: "24h" }),
    ),
    plan: Type.Optional(path("What `prism-chaos plan --json` printed: each run of it must be there.", "plan.json")),
    expect: Type.Optional(
      Type.Record(
        Type.String({ pattern: namePattern }),
        Type.Object(
          {
            repetitions: Type.Integer({
              minimum: 1,
              maximum: 10_000,
              description: "Of each variant.",
              examples: [5],
              "x-unit": "runs",
            }),
            variants: Type.Optional(
              Type.Array(nameText({ description: "A variant.", examples: ["kill"] }), {
                minItems: 1,
                description: "These; without it all that the scenario has.",
                examples: [["kill", "cut"]],
              }),
            ),
          },
          { ...closed, description: "What must have been run of a scenario.", examples: [{ repetitions: 5 }] },
        ),
        {
          ...closed,
          minProperties: 1,
          description: "Scenarios that must have been run, by name.",
          examples: [{ "leader-loss": { repetitions: 5 } }],
        },
      ),
    ),
    acknowledgedDuringFaults: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          "So many operations must have been acknowledged in each run while a fault was in force: else nothing was at risk.",
        examples: [50],
        default: 1,
        "x-unit": "operations",
      }),
    ),
    faultInForce: Type.Optional(
      durationText({ description: "For so long each fault must have been in force.", examples: ["1s"] }),
    ),
    load: Type.Optional(
      percentText(
        "So much of the rate that a workload offers must have been answered while no fault was in force.",
        "95%",
      ),
    ),
    seal: Type.Optional(
      Type.Enum(["optional", "required"], {
        description:
          "Whether every contract file, and every run's folder that is there, must stand under a manifest that was sealed with the key.",
        examples: ["required"],
        default: "optional",
      }),
    ),
  },
  { ...closed, description: "What counts as evidence at all.", examples: [{ maxAge: "6h" }], default: {} },
);

const limits = Type.Object(
  {
    failover: Type.Optional(durationText({ description: "As --failover-sla.", examples: ["3s"], default: "5s" })),
    p2pConnection: Type.Optional(
      durationText({ description: "As --p2p-connection-sla.", examples: ["2s"], default: "3s" }),
    ),
    conflictResolution: Type.Optional(
      durationText({ description: "As --conflict-resolution-sla.", examples: ["1s"], default: "2s" }),
    ),
    coverage: Type.Optional(percentText("As --coverage-threshold.", "97%")),
    marginalFrom: Type.Optional(
      percentText("What takes more than this share of its limit is told as marginal.", "80%"),
    ),
  },
  {
    ...closed,
    description: "Figures of the contract; a flag of `gate` overrides them.",
    examples: [{ failover: "3s" }],
    default: {},
  },
);

/** The language of a release policy. */
export const policySchema = Type.Object(
  {
    name: nameText({ description: "Its name, which stands in the decision.", examples: ["release"] }),
    title,
    evidence: Type.Optional(evidence),
    limits: Type.Optional(limits),
    criteria: named(criterion, "What must hold beside the five classes, the three times and the coverage, by name.", {
      uptime: { require: ["uptime.ratio >= 99.5%"] },
    }),
    noGo: named(trigger, "What blocks whatever else holds, by name.", { "data-lost": { when: "writes.lost > 0" } }),
    waivers: Type.Optional(
      Type.Array(waiver, {
        description: "Limits that may be broken for a while.",
        examples: [[aWaiver]],
        default: [],
      }),
    ),
  },
  { ...closed, $id: "urn:prism-chaos:schema:policy", title: "prism-chaos release policy" },
);

/** A release policy as it stands in its file. */
export type PolicyFile = Static<typeof policySchema>;
