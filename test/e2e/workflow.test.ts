import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { chaosClasses } from "../../src/core/scenario.ts";
import { packageRoot } from "../support/command-line.ts";
import { type Instead, type JobEnded, type WorkflowGiven, WorkflowRunner } from "../support/workflow-runner.ts";

// The workflow of this repository, step by step in bash, over real runs. Three things are otherwise than on GitHub: `npm ci` is the
// node_modules and the build that are there; CHAOS_DURATION is 5 instead of 300; and the repository that is checked out has scenarios of
// its own in the place of the catalogue's, few variants of each, so that five classes take two minutes and not eight.

/** Which variants are run. Of data-corruption two: each alone would leave a parameter of the scenario without use. */
const kept: Readonly<Record<string, readonly string[]>> = {
  "network-partition": ["half"],
  "resource-exhaustion": ["exhausted"],
  "cascading-failure": ["p2p"],
  "leader-loss": ["cut"],
  "data-corruption": ["bits", "wire"],
};

/** The catalogue's scenarios with these variants alone, and a config that finds them; `more` stands in each scenario. */
function repository(
  more: Readonly<Record<string, unknown>> = {},
  defect: string | null = null,
): Readonly<Record<string, string>> {
  const scenarios = Object.entries(kept).map(([name, names]) => {
    const file = join(packageRoot, "src", "scenarios", "catalogue", `${name}.yaml`);
    const read = parse(readFileSync(file, "utf8")) as { readonly variants: Readonly<Record<string, unknown>> };
    const variants = Object.fromEntries(names.map((variant) => [variant, read.variants[variant]]));
    return [`chaos/${name}.yaml`, stringify({ ...read, ...more, variants })];
  });
  const config = stringify({ scenarios: ["chaos"], ...(defect === null ? {} : { defect }) });
  return { ...Object.fromEntries(scenarios), "prism-chaos.config.yaml": config } as Readonly<Record<string, string>>;
}

const workflow = join(packageRoot, ".github", "workflows", "resilience-testing.yml");
const short = { CHAOS_DURATION: "5" };
/** A stand-in for the measuring of coverage, where that is not what is looked at: it takes a minute. */
const covered: Instead = ({ step }) =>
  step.id === "coverage"
    ? `mkdir coverage; echo '{"summary":{"line_coverage":96.4}}' > coverage/coverage.json; echo artifact=coverage-a$GITHUB_RUN_ATTEMPT >> "$GITHUB_OUTPUT"`
    : null;
const given: WorkflowGiven = { files: repository(), environment: short, instead: covered };

const green = new WorkflowRunner(workflow);
let jobs: Readonly<Record<string, JobEnded>>;
beforeAll(async () => {
  jobs = await green.run({ files: repository(), environment: short });
}, 600_000);
afterAll(() => green[Symbol.dispose]());

const step = (job: JobEnded | undefined, name: string) => job?.steps.find((one) => one.name === name);
interface Decided {
  readonly recommendation: string;
  readonly exit_code: number;
  readonly blocking_issues: readonly { readonly kind: string; readonly reason: string; readonly file: string }[];
}
/** The decision that a runner's last gate uploaded. */
function decision(runner: WorkflowRunner): Decided {
  return JSON.parse(readFileSync(join(runner.artifacts, "decision-a1", "decision.json"), "utf8")) as Decided;
}

/** Reports of the green run in the place of runs, in a folder below the workspace. */
const copied =
  (folder: string): Instead =>
  ({ leg, step: { name } }) =>
    leg === null || name !== "Run the scenarios of this class"
      ? null
      : `mkdir -p "${folder}"; cp -r "${join(green.artifacts, `chaos-${leg}-a1`)}" "${folder}/${leg}"`;
/** Those of some jobs that were run. */
const named = (some: Readonly<Record<string, JobEnded | undefined>>): Readonly<Record<string, JobEnded>> =>
  Object.fromEntries(Object.entries(some).flatMap(([name, job]) => (job === undefined ? [] : [[name, job]])));

/** The gate again over the artifacts of the green run, as `change` leaves them. */
async function gateOver(
  change: (artifacts: string) => void,
  more: WorkflowGiven = {},
): Promise<{ readonly gate: JobEnded | undefined; readonly decided: Decided; readonly workspace: string }> {
  using runner = new WorkflowRunner(workflow);
  cpSync(green.artifacts, runner.artifacts, { recursive: true });
  rmSync(join(runner.artifacts, "decision-a1"), { recursive: true });
  change(runner.artifacts);
  const { "quality-gates": _gate, ...before } = jobs;
  const ended = await runner.run({ ...given, jobs: before, ...more });
  const workspace = readdirSync(runner.workspaces.get("quality-gates") ?? "").join(" ");
  return { gate: ended["quality-gates"], decided: decision(runner), workspace };
}
const failed = (job: JobEnded | undefined): JobEnded => ({
  outputs: {},
  steps: [],
  summary: "",
  ...job,
  result: "failure",
});

test("A green run: every job ends with success, all five classes are decided over, and the answer is GO.", () => {
  const told = Object.entries(jobs).map(([name, { result, steps }]) => [
    name,
    result,
    ...steps.filter(({ outcome }) => outcome === "failure").map(({ name: label, log }) => `${label}: ${log}`),
  ]);
  expect(told).toEqual(["plan", "chaos", "api-resilience", "quality-gates"].map((name) => [name, "success"]));
  expect(decision(green)).toMatchObject({ recommendation: "GO", exit_code: 0, blocking_issues: [] });
  expect(readdirSync(green.artifacts).toSorted()).toEqual(
    [...chaosClasses.map((name) => `chaos-${name}-a1`), "coverage-a1", "decision-a1", "plan-a1"].toSorted(),
  );
  const gate = jobs["quality-gates"];
  expect(step(gate, "Decide")?.exitCode).toBe(0);
  expect(gate?.summary).toContain("GO");
  expect(step(gate, "Decide")?.log).not.toContain("::error");
});

test("That nothing is tagged api is said in two summaries and a warning, and no artifact of an API run is there to be taken for one.", () => {
  const { plan, "api-resilience": api } = jobs;
  expect(plan?.summary).toContain("No scenario is tagged api: API resilience is not shown");
  expect(step(plan, "Say whether API resilience is planned")?.log).toContain(
    "::warning title=API resilience is not shown::",
  );
  expect(api?.summary).toContain("Nothing is tagged api: this job shows nothing of API resilience");
  expect(existsSync(join(green.artifacts, "chaos-api-a1"))).toBe(false);
});

test("Without the secret the decision is not published, which is said.", () => {
  expect(jobs["quality-gates"]?.summary).toContain("The secret DASHBOARD_URL is not set");
});

test("A failed scenario: its leg fails with 10 and an error on its line, its reports are uploaded all the same, and the gate says NO_GO.", async () => {
  using runner = new WorkflowRunner(workflow);
  // The swarm is started with a planted defect, in every job; the classes beside the leader's have reports of the green run.
  const files = repository({}, "stale-read");
  const instead: Instead = (at) =>
    at.leg !== null && at.leg !== "leader_election_failure" && at.step.name === "Run the scenarios of this class"
      ? `mkdir -p reports; cp -r "${join(green.artifacts, `chaos-${at.leg}-a1`)}" "reports/${at.leg}"`
      : (covered(at) ?? null);
  const ended = await runner.run({ ...given, files, instead });
  expect([ended["plan"]?.result, ended["chaos"]?.result, ended["quality-gates"]?.result]).toEqual([
    "success",
    "failure",
    "failure",
  ]);
  const run = ended["chaos"]?.steps.find(({ exitCode }) => exitCode === 10);
  expect(run?.log).toMatch(/^::error file=chaos\/leader-loss\.yaml,line=\d+,/m);
  expect(ended["chaos"]?.summary).toContain("FAIL");
  expect(
    existsSync(join(runner.artifacts, "chaos-leader_election_failure-a1", "chaos_leader_election_failure.json")),
  ).toBe(true);
  const gate = step(ended["quality-gates"], "Decide");
  expect(gate?.exitCode).toBe(10);
  expect(decision(runner)).toMatchObject({ recommendation: "NO_GO", exit_code: 10 });
  expect(
    decision(runner).blocking_issues.some(
      ({ kind, file }) => kind === "broken" && file.includes("chaos_leader_election_failure"),
    ),
  ).toBe(true);
  expect(ended["quality-gates"]?.summary).toContain("NO_GO");
  expect(gate?.log).toContain("::error");
});

test("A job that died before it reported: its upload fails for want of files, and the gate names the class and the job.", async () => {
  using runner = new WorkflowRunner(workflow);
  const { plan, "api-resilience": api } = jobs;
  for (const name of ["plan-a1", "coverage-a1"])
    cpSync(join(green.artifacts, name), join(runner.artifacts, name), { recursive: true });
  const instead: Instead = ({ leg, step: { name } }) => {
    if (leg === null || name !== "Run the scenarios of this class") return null;
    if (leg === "data_corruption") return "kill -KILL $$";
    return `mkdir -p reports; cp -r "${join(green.artifacts, `chaos-${leg}-a1`)}" "reports/${leg}"`;
  };
  const before = named({ plan, "api-resilience": api });
  const ended = await runner.run({ ...given, jobs: before, instead });
  expect(ended["chaos"]?.result).toBe("failure");
  expect(ended["chaos"]?.steps.filter(({ outcome }) => outcome === "failure")).toMatchObject([
    { name: "Run the scenarios of this class", exitCode: null },
    { log: "No files were found with the provided path: reports/data_corruption." },
  ]);
  expect(step(ended["quality-gates"], "Decide")?.exitCode).toBe(11);
  expect(decision(runner).recommendation).toBe("CONTINUE_VALIDATION");
  const reasons = decision(runner)
    .blocking_issues.map(({ reason }) => reason)
    .join("\n");
  expect(reasons).toContain("data_corruption");
  expect(reasons).toContain("job chaos did not end with success");
});

test("A job that died after whole reports of passes were uploaded is no GO either.", async () => {
  const { gate, decided } = await gateOver(() => undefined, {
    jobs: { ...without("quality-gates"), chaos: failed(jobs["chaos"]) },
  });
  expect(step(gate, "Decide")?.exitCode).toBe(11);
  expect(decided.recommendation).toBe("CONTINUE_VALIDATION");
  expect(decided.blocking_issues.map(({ reason }) => reason)).toEqual(["job chaos did not end with success"]);
  expect(gate?.summary).toContain("job chaos did not end with success");
});

test("Where the plan died everything after it is skipped, and the gate still runs, takes no artifact by an empty name, and is no GO.", async () => {
  using runner = new WorkflowRunner(workflow);
  const ended = await runner.run({
    ...given,
    instead: ({ job, step: { id } }) => (job === "plan" && id === "plan" ? "kill -KILL $$" : null),
  });
  expect(Object.values(ended).map(({ result }) => result)).toEqual(["failure", "skipped", "skipped", "failure"]);
  expect(step(ended["quality-gates"], "Decide")?.exitCode).toBe(11);
  const reasons = decision(runner).blocking_issues.map(({ reason }) => reason);
  for (const job of ["plan", "chaos", "api-resilience"])
    expect(reasons).toContain(`job ${job} did not end with success`);
  expect(reasons.join("\n")).toContain("nobody knows what should have been run");
});

test("A missing artifact of a class is no GO, though every job ended with success.", async () => {
  const { gate, decided } = await gateOver((artifacts) =>
    rmSync(join(artifacts, "chaos-network_partition-a1"), { recursive: true }),
  );
  expect(step(gate, "Decide")?.exitCode).toBe(11);
  expect(decided.blocking_issues.some(({ file }) => file.includes("chaos_network_partition.json"))).toBe(true);
  expect(gate?.result).toBe("failure");
});

test("A missing artifact of the coverage fails its step and is no GO.", async () => {
  const { gate, decided } = await gateOver((artifacts) => rmSync(join(artifacts, "coverage-a1"), { recursive: true }));
  expect(gate?.steps.some(({ log }) => log === "Artifact not found for name: coverage-a1")).toBe(true);
  expect(step(gate, "Decide")?.exitCode).toBe(11);
  expect(decided.blocking_issues.map(({ file }) => file)).toEqual(["coverage/coverage.json"]);
});

test("One artifact only is laid out in the folder itself: its class is found there, the four others are missing.", async () => {
  const { gate, decided } = await gateOver((artifacts) => {
    for (const name of chaosClasses.filter((one) => one !== "leader_election_failure")) {
      rmSync(join(artifacts, `chaos-${name}-a1`), { recursive: true });
    }
  });
  expect(step(gate, "Decide")?.exitCode).toBe(11);
  const files = decided.blocking_issues.map(({ file }) => file).join("\n");
  for (const name of chaosClasses)
    expect(files.includes(`chaos_${name}.json`)).toBe(name !== "leader_election_failure");
  expect(step(gate, "Decide")?.log).toContain("all-reports/chaos_leader_election_failure.json");
});

test("A re-run uploads under names of its attempt, and the gate takes those of all attempts and the plan of the first; without such names it would clash.", async () => {
  using runner = new WorkflowRunner(workflow);
  cpSync(green.artifacts, runner.artifacts, { recursive: true });
  const { plan, "api-resilience": api } = jobs;
  const again = { ...given, jobs: named({ plan, "api-resilience": api }), instead: copied("reports") };
  const second = await runner.run({ ...again, attempt: 2 });
  expect(Object.values(second).map(({ result }) => result)).toEqual(["success", "success", "success", "success"]);
  const names = readdirSync(runner.artifacts);
  for (const name of chaosClasses)
    expect(names).toEqual(expect.arrayContaining([`chaos-${name}-a1`, `chaos-${name}-a2`]));
  expect(names).toContain("decision-a2");
  const clash = await runner.run(again);
  expect(clash["chaos"]?.steps.filter(({ log }) => log.startsWith("Conflict: "))).toHaveLength(5);
});

test("The decision goes to the dashboard of the secret, with a key of its content, and its address into no log; a refusal fails the step.", async () => {
  const requests: { readonly key: unknown; readonly body: string }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      requests.push({ key: request.headers["idempotency-key"], body });
      response.writeHead(status).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const secrets = { DASHBOARD_URL: `http://127.0.0.1:${port}/ingest?token=hidden` };
  const { gate } = await gateOver(() => undefined, { secrets });
  expect(gate?.result).toBe("success");
  expect(requests.map(({ key }) => key)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const document = JSON.parse(requests[0]?.body ?? "") as { readonly runs: readonly object[] };
  expect(document).toMatchObject({ decision: { recommendation: "GO", go_criteria_met: 9 }, origin: { attempt: 1 } });
  expect(document.runs.length).toBeGreaterThanOrEqual(chaosClasses.length);
  expect(step(gate, "Publish the decision")?.log).toContain("PUBLISHED  to the dashboard");
  expect(gate?.steps.map(({ log }) => log).join("\n")).not.toContain("hidden");
  status = 400;
  const refused = await gateOver(() => undefined, { secrets });
  expect(refused.gate?.result).toBe("failure");
  expect(step(refused.gate, "Publish the decision")).toMatchObject({
    exitCode: 69,
    log: expect.stringContaining("NOT PUBLISHED  to the dashboard: it answers 400") as unknown,
  });
  expect(requests).toHaveLength(2);
  server.close();
});

test("What is tagged api is carried by the API job, and by no class's.", async () => {
  using runner = new WorkflowRunner(workflow);
  const tagged = stringify({ ...(parse(repository()["chaos/leader-loss.yaml"] ?? "") as object), tags: ["api"] });
  const seen: string[] = [];
  const instead: Instead = ({ job, leg, step: { name } }) => {
    if (!name?.startsWith("Run ")) return job === "api-resilience" || job === "quality-gates" ? "exit 0" : null;
    seen.push(leg ?? job);
    return `mkdir -p reports; printf '%s' "$SCENARIOS" > "reports/told"; mkdir -p "reports/${leg ?? "api"}"; cp reports/told "reports/${leg ?? "api"}/told"`;
  };
  const ended = await runner.run({ ...given, files: { ...repository(), "chaos/leader-loss.yaml": tagged }, instead });
  expect(seen).toEqual([...chaosClasses, "api-resilience"]);
  const told = (artifact: string): string => readFileSync(join(runner.artifacts, artifact, "told"), "utf8");
  expect(told("chaos-api-a1")).toBe("leader-loss");
  expect(told("chaos-leader_election_failure-a1")).toBe("");
  expect(told("chaos-data_corruption-a1")).toBe("data-corruption");
  expect(ended["plan"]?.summary).toContain("The API job carries: leader-loss");
});

test("The coverage that the green run was decided by is that of the system itself, as its tests execute it.", () => {
  expect(jobs["api-resilience"]?.outputs).toEqual({ coverage: "coverage-a1" });
  const { summary } = JSON.parse(readFileSync(join(green.artifacts, "coverage-a1", "coverage.json"), "utf8")) as {
    readonly summary: { readonly line_coverage: number; readonly lines: number; readonly covered: number };
  };
  expect(summary.lines).toBeGreaterThan(4000);
  expect(summary.line_coverage).toBe(Math.floor((10_000 * summary.covered) / summary.lines) / 100);
  expect(summary.line_coverage).toBeGreaterThanOrEqual(95);
});

const shared = join(packageRoot, ".github", "workflows", "prism-chaos.yml");
test("The reusable workflow, over the same reports: GO, which is its output.", async () => {
  using runner = new WorkflowRunner(shared);
  cpSync(join(green.artifacts, "coverage-a1"), join(runner.artifacts, "coverage-a1"), { recursive: true });
  const inputs = { "coverage-artifact": "coverage-a1" };
  const ended = await runner.run({
    files: repository(),
    environment: short,
    inputs,
    instead: copied("prism-chaos-reports"),
  });
  const told = Object.values(ended).flatMap(({ steps }) =>
    steps.flatMap(({ outcome, log }) => (outcome === "failure" ? [log] : [])),
  );
  expect(told).toEqual([]);
  expect(ended["quality-gates"]?.outputs).toEqual({ decision: "GO" });
});

test("The reusable workflow of a repository with one scenario alone: the four other classes have nothing to show, and it is no GO.", async () => {
  using runner = new WorkflowRunner(shared);
  const inputs = { scenarios: "leader-loss", target: "reference" };
  const ended = await runner.run({
    files: repository(),
    environment: short,
    inputs,
    instead: (at) => (at.leg === "leader_election_failure" ? copied("prism-chaos-reports")(at) : null),
  });
  const logs = ended["chaos"]?.steps.map(({ log }) => log).join("\n") ?? "";
  expect(logs.match(/^::error title=Nothing is planned for /gm)).toHaveLength(4);
  expect(ended["chaos"]?.result).toBe("failure");
  expect([ended["quality-gates"]?.result, ended["quality-gates"]?.outputs]).toEqual([
    "failure",
    { decision: "CONTINUE_VALIDATION" },
  ]);
});

test.each([
  ["version", "", 0, /^prism-chaos 0\.|^0\.|\d+\.\d+\.\d+/],
  ["list", "scenarios\n\n--tag\nno such tag\n", 64, /no scenario is tagged "no such tag"/],
])("The action calls `%s` with %j, one argument a line, and ends with %i.", (command, words, exitCode, told) => {
  const { runs } = parse(
    readFileSync(join(packageRoot, ".github", "actions", "prism-chaos", "action.yml"), "utf8"),
  ) as {
    readonly runs: { readonly steps: readonly { readonly id?: string; readonly run?: string }[] };
  };
  const script = runs.steps.find(({ id }) => id === "command")?.run ?? "";
  const temp = join(green.folder, `action-${command}`);
  mkdirSync(join(temp, "prism-chaos", "node_modules", ".bin"), { recursive: true });
  symlinkSync(join(packageRoot, "bin", "run.js"), join(temp, "prism-chaos", "node_modules", ".bin", "prism-chaos"));
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(packageRoot, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}`,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: join(temp, "output"),
      COMMAND: command,
      ARGUMENTS: words,
    },
  });
  expect([status, readFileSync(join(temp, "output"), "utf8")]).toEqual([exitCode, `exit-code=${exitCode}\n`]);
  expect(stdout + stderr).toMatch(told);
});

/** The green run's jobs but one. */
function without(name: string): Readonly<Record<string, JobEnded>> {
  return Object.fromEntries(Object.entries(jobs).filter(([one]) => one !== name));
}
