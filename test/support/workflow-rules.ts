import { parse } from "yaml";

// What every workflow of this repository keeps to. A rule is a function from a file to what is wrong with it.

/** A workflow or an action, as text and as read. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: unknown;
  readonly "timeout-minutes"?: number;
  readonly strategy?: {
    readonly "fail-fast"?: boolean;
    readonly matrix?: Readonly<Record<string, readonly unknown[]>>;
  };
  readonly steps?: readonly Step[];
}
interface Read {
  readonly on?: Readonly<Record<string, unknown>> | readonly string[] | string;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly runs?: { readonly steps?: readonly Step[] };
}

/** What is wrong with a file, each in a sentence; empty: nothing. */
export type WorkflowRule = (file: WorkflowFile) => readonly string[];

const read = ({ text }: WorkflowFile): Read => parse(text) as Read;
const jobsOf = (file: WorkflowFile): readonly (readonly [string, Job])[] => Object.entries(read(file).jobs ?? {});
const stepsOf = (file: WorkflowFile): readonly Step[] => [
  ...jobsOf(file).flatMap(([, { steps = [] }]) => steps),
  ...(read(file).runs?.steps ?? []),
];
const isWorkflow = (file: WorkflowFile): boolean => read(file).jobs !== undefined;
const isReusable = (file: WorkflowFile): boolean => eventsOf(file).includes("workflow_call");

function eventsOf(file: WorkflowFile): readonly string[] {
  const { on = {} } = read(file);
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? on.map(String) : Object.keys(on);
}

/** What of the actions' inputs is used here; of an action that is pinned by its commit actionlint does not know them. */
const inputs: Readonly<Record<string, readonly string[]>> = {
  "actions/checkout": ["persist-credentials"],
  "actions/setup-node": ["node-version", "cache"],
  "actions/upload-artifact": ["name", "path", "if-no-files-found"],
  "actions/download-artifact": ["name", "pattern", "path"],
};

/** The rules that hold for all files. */
export const commonRules: Readonly<Record<string, WorkflowRule>> = {
  "actions are pinned by a commit, with the version beside it": ({ text }) =>
    text
      .split("\n")
      .filter(
        (line) => /^\s*(- )?uses:/.test(line) && !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
      )
      .map((line) => line.trim()),
  "nothing may be written": (file) => {
    if (!isWorkflow(file)) return [];
    const own = JSON.stringify(read(file).permissions) === '{"contents":"read"}' ? [] : ["permissions of the workflow"];
    return [...own, ...jobsOf(file).flatMap(([name, { permissions }]) => (permissions === undefined ? [] : [name]))];
  },
  "every job has a time limit": (file) =>
    jobsOf(file).flatMap(([name, job]) => (typeof job["timeout-minutes"] === "number" ? [] : [name])),
  "nothing that fails is passed over": ({ text }) =>
    [...text.matchAll(/continue-on-error|\|\|\s*(true|:|exit 0)(?=\s|$)|set \+e/g)].map(([found]) => found),
  "no expression stands in a script": (file) =>
    stepsOf(file).flatMap(({ run }) => (run?.includes("${{") === true ? [run.split("\n")[0] ?? ""] : [])),
  "an action is told what it knows": (file) =>
    stepsOf(file).flatMap(({ uses, with: told = {} }) => {
      if (uses === undefined) return [];
      const known = inputs[uses.split("@")[0] ?? ""] ?? [];
      return Object.keys(told).flatMap((key) => (known.includes(key) ? [] : [`${uses.split("@")[0]}: ${key}`]));
    }),
  "a checkout keeps no credentials": (file) =>
    stepsOf(file).flatMap(({ uses = "", with: told }) =>
      uses.startsWith("actions/checkout@") && told?.["persist-credentials"] !== false ? [uses] : [],
    ),
  "nothing runs with the rights of the base on what a fork wrote": (file) =>
    eventsOf(file).filter((event) => event === "pull_request_target" || event === "workflow_run"),
  "no schedule is on the hour": ({ text }) =>
    [...text.matchAll(/cron: ["']?([^"'\n]+)/g)].flatMap(([, cron = ""]) =>
      /^([1-9]|[1-5]\d) /.test(cron) ? [] : [cron],
    ),
  "runs of one branch do not pile up": (file) =>
    !isWorkflow(file) || isReusable(file) || read(file).concurrency !== undefined ? [] : ["concurrency"],
  "what is uploaded is there, and has a name of this attempt and leg": (file) =>
    jobsOf(file).flatMap(([job, { steps = [], strategy }]) => {
      const legs = Object.keys(strategy?.matrix ?? {});
      return steps.flatMap(({ uses = "", with: told = {} }) => {
        if (!uses.startsWith("actions/upload-artifact@")) return [];
        const name = String(told["name"] ?? "");
        const isOwn =
          name.endsWith("-a${{ github.run_attempt }}") && legs.every((leg) => name.includes(`\${{ matrix.${leg} }}`));
        return isOwn && told["if-no-files-found"] === "error" && told["overwrite"] === undefined
          ? []
          : [`${job}: ${name}`];
      });
    }),
  "no two uploads have one name": (file) => {
    const names = stepsOf(file).flatMap(({ uses = "", with: told }) =>
      uses.startsWith("actions/upload-artifact@") ? [String(told?.["name"])] : [],
    );
    return names.filter((name, index) => names.indexOf(name) !== index);
  },
  "a download says what it takes, also where the name is worked out": (file) =>
    stepsOf(file).flatMap(({ uses = "", with: told = {}, if: condition = "" }) => {
      if (!uses.startsWith("actions/download-artifact@")) return [];
      const [name, pattern] = [told["name"], told["pattern"]];
      if ((name === undefined) === (pattern === undefined)) return ["neither name nor pattern"];
      const source = /\$\{\{ (.*) \}\}/.exec(String(name ?? ""))?.[1];
      return source === undefined || condition.includes(`${source} != ''`) ? [] : [String(name)];
    }),
};

/** The contract's flags of the gate. */
const gateFlags = [
  /--coverage \S*coverage\.json/,
  /--coverage-threshold 95\b/,
  /--failover-sla 5s\b/,
  /--p2p-connection-sla 3s\b/,
  /--conflict-resolution-sla 2s\b/,
  /--plan \S+/,
  /--jobs-env NEEDS\b/,
];
const classes = [
  "network_partition",
  "resource_exhaustion",
  "cascading_failure",
  "leader_election_failure",
  "data_corruption",
];

/** The rules of a workflow that decides: its shape is the contract's. */
export const gateRules: Readonly<Record<string, WorkflowRule>> = {
  "the gate runs always, and needs every other job": (file) => {
    const jobs = jobsOf(file);
    const gate = jobs.find(([name]) => name === "quality-gates")?.[1];
    const needs = [gate?.needs ?? []].flat();
    const missing = jobs.flatMap(([name]) => (name === "quality-gates" || needs.includes(name) ? [] : [name]));
    return [...(gate?.if === "always()" ? [] : ["if: always()"]), ...missing];
  },
  "the gate has the contract's limits, the plan, and how the jobs ended": (file) => {
    const scripts = stepsOf(file).map(({ run = "" }) => run.replaceAll(/\\\n/g, " "));
    const gate = scripts.find((run) => / gate /.test(run)) ?? "";
    return gateFlags.filter((flag) => !flag.test(gate)).map(String);
  },
  "the gate's steps run also after one that failed": (file) => {
    const steps = jobsOf(file).find(([name]) => name === "quality-gates")?.[1].steps ?? [];
    const first = steps.findIndex(({ uses = "" }) => uses.startsWith("actions/download-artifact@"));
    return steps
      .slice(first)
      .flatMap(({ if: condition = "", name, uses }) =>
        condition.startsWith("always()") ? [] : [name ?? uses ?? "a step"],
      );
  },
  "the five classes run, each to its end": (file) => {
    const chaos = jobsOf(file).find(([name]) => name === "chaos")?.[1];
    const legs = chaos?.strategy?.matrix?.["class"] ?? [];
    const missing = classes.filter((name) => !legs.includes(name));
    return [
      ...missing,
      ...(chaos?.strategy?.["fail-fast"] === false ? [] : ["fail-fast: false"]),
      ...(chaos?.["timeout-minutes"] === 60 ? [] : ["timeout-minutes: 60"]),
    ];
  },
  "reports are uploaded whatever became of the run": (file) =>
    jobsOf(file).flatMap(([name, { steps = [] }]) =>
      name === "plan"
        ? []
        : steps.flatMap(({ uses = "", if: condition = "" }) =>
            uses.startsWith("actions/upload-artifact@") && !condition.startsWith("always()") ? [name] : [],
          ),
    ),
};

/** The rules of this repository's own resilience test. */
export const resilienceRules: Readonly<Record<string, WorkflowRule>> = {
  "it runs on pushes to main and develop, pull requests to main, and every six hours": (file) => {
    const { on = {} } = read(file);
    const told = JSON.stringify({ ...(on as object), schedule: undefined });
    const wanted = JSON.stringify({ push: { branches: ["main", "develop"] }, pull_request: { branches: ["main"] } });
    return [...(told === wanted ? [] : [told]), ...(/cron: "\d+ \*\/6 \* \* \*"/.test(file.text) ? [] : ["schedule"])];
  },
  "faults last 300 s, and every job draws from one seed": ({ text }) =>
    ['CHAOS_DURATION: "300"', "SEED: ${{ github.run_id }}"].filter((line) => !text.includes(line)),
  "the API job has 45 minutes, and leaves the coverage": (file) => {
    const api = jobsOf(file).find(([name]) => name === "api-resilience")?.[1];
    const paths = (api?.steps ?? []).map(({ with: told }) => told?.["path"]);
    return [
      ...(api?.["timeout-minutes"] === 45 ? [] : ["timeout-minutes: 45"]),
      ...(paths.includes("coverage/coverage.json") ? [] : ["coverage/coverage.json"]),
    ];
  },
  "the dashboard's address is a secret, and no argument of a process": (file) => {
    const secret = "${{ secrets.DASHBOARD_URL }}";
    const publishing = stepsOf(file).filter(({ run }) =>
      /^node bin\/run\.js publish .*decision\.json/m.test(run ?? ""),
    );
    const lines = stepsOf(file).flatMap(({ run = "" }) => run.split("\n"));
    // `[` is a part of bash; whatever else is handed the address is a process, whose arguments everybody may list.
    const isTest = (line: string): boolean => line.trim() === 'if [ -z "$PRISM_CHAOS_DASHBOARD_URL" ]; then';
    return [
      ...(publishing.some(({ env }) => env?.["PRISM_CHAOS_DASHBOARD_URL"] === secret)
        ? []
        : ["nothing publishes to it"]),
      ...(file.text.split("secrets.DASHBOARD_URL").length === 2 ? [] : ["it is handed to more than the one step"]),
      ...lines.filter((line) => /--dashboard-url|\$\{?(PRISM_CHAOS_)?DASHBOARD_URL/.test(line) && !isTest(line)),
    ];
  },
};
