import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "./command-line.ts";
import { type Contexts, holds, interpolated, type Status } from "./workflow-expression.ts";

// Runs a workflow of this repository without GitHub: its `run:` steps in bash, as its runner calls it, with the files and variables that
// a step has; `uses:` of the four actions that it uses, as they behave; whatever else stands in a workflow throws.

/** A step as it stands in a workflow. */
export interface WorkflowStep {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string | number>>;
  readonly "timeout-minutes"?: number;
}

/** A job as it stands in a workflow. */
export interface WorkflowJob {
  readonly name?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly env?: Readonly<Record<string, string | number>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly class: readonly string[] } };
  readonly steps: readonly WorkflowStep[];
}

/** A workflow as it stands in its file. */
export interface Workflow {
  readonly on: {
    readonly workflow_call?: { readonly inputs: Readonly<Record<string, { readonly default: string | number }>> };
  };
  readonly env?: Readonly<Record<string, string | number>>;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

type Result = "success" | "failure" | "cancelled" | "skipped";

/** How a step ended: its exit code (null: it was no `run:`, or was killed), and what it said. */
export interface StepEnded {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  readonly exitCode: number | null;
  readonly log: string;
}

/** How a job, or one leg of a matrix, ended. */
export interface JobEnded {
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepEnded[];
  /** What its steps wrote into their summaries. */
  readonly summary: string;
}

/** What a run of a workflow is given. */
export interface WorkflowGiven {
  /** Files of the repository beside those of this one, path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Stands over `env:` of the workflow. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly attempt?: number;
  /** What a caller hands a reusable workflow; what it leaves out has the default that stands in the file. */
  readonly inputs?: Readonly<Record<string, string | number>>;
  /** Jobs that are not run: they ended so in a run before. */
  readonly jobs?: Readonly<Record<string, JobEnded>>;
  /** The script that is run in the place of a step's own, or null: its own. */
  readonly instead?: Instead;
}

/** The script that is run in the place of a step's own, or null: its own. */
export type Instead = (at: {
  readonly job: string;
  readonly leg: string | null;
  readonly step: WorkflowStep;
}) => string | null;

/** What of this repository a checkout has; `npm ci` is replaced by the node_modules and the build that are there. */
const linked = [
  "bin",
  "dist",
  "fixtures",
  "node_modules",
  "oclif.manifest.json",
  "package.json",
  "schemas",
  "scripts",
  "src",
  "test",
  "vitest.config.ts",
];

/** A workflow that can be run several times over the same artifacts. Its disposal removes them. */
export class WorkflowRunner implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "prism-chaos-workflow-"));
  /** Where artifacts lie, a folder each. */
  readonly artifacts = join(this.folder, "artifacts");
  readonly workflow: Workflow;
  /** The last workspace of each job, or leg. */
  readonly workspaces = new Map<string, string>();

  constructor(file: string) {
    this.workflow = parse(readFileSync(file, "utf8")) as Workflow;
    mkdirSync(this.artifacts);
  }

  /** Runs every job, one after another in the order of the file, legs too; answers how each ended. */
  async run(given: WorkflowGiven = {}): Promise<Readonly<Record<string, JobEnded>>> {
    const ended: Record<string, JobEnded> = {};
    for (const [name, job] of Object.entries(this.workflow.jobs)) {
      const before = given.jobs?.[name];
      ended[name] = before ?? (await this.#job(name, job, { given, ended }));
    }
    return ended;
  }

  async #job(
    name: string,
    job: WorkflowJob,
    { given, ended }: { readonly given: WorkflowGiven; readonly ended: Readonly<Record<string, JobEnded>> },
  ): Promise<JobEnded> {
    const needed = [job.needs ?? []].flat();
    const needs = Object.fromEntries(
      needed.map((one) => [one, { result: of(ended, one).result, outputs: of(ended, one).outputs }]),
    );
    const isFailed = Object.values(needs).some(({ result }) => result !== "success");
    const contexts = { github: githubOf(given), secrets: given.secrets ?? {}, needs, inputs: this.#inputs(given) };
    if (!holds(job.if ?? "success()", contexts, { isFailed, isCancelled: false })) {
      return { result: "skipped", outputs: {}, steps: [], summary: "" };
    }
    const legs = job.strategy?.matrix.class ?? [null];
    const ends: JobEnded[] = [];
    for (const leg of legs) ends.push(await this.#leg({ name, job, leg, given, contexts }));
    const [first] = ends;
    if (first === undefined) throw new Error(`job ${name} has no leg`);
    return {
      result: ends.every(({ result }) => result === "success") ? "success" : "failure",
      outputs: first.outputs,
      steps: ends.flatMap(({ steps }) => steps),
      summary: ends.map(({ summary }) => summary).join(""),
    };
  }

  #inputs({ inputs = {} }: WorkflowGiven): Readonly<Record<string, unknown>> {
    const declared = Object.entries(this.workflow.on.workflow_call?.inputs ?? {});
    const odd = Object.keys(inputs).find((name) => !declared.some(([one]) => one === name));
    if (odd !== undefined) throw new Error(`the workflow has no input ${odd}`);
    return { ...Object.fromEntries(declared.map(([name, input]) => [name, input.default])), ...inputs };
  }

  async #leg({ name, job, leg, given, contexts }: Leg): Promise<JobEnded> {
    const place = mkdtempSync(join(this.folder, `${name}-`));
    const workspace = join(place, "workspace");
    mkdirSync(workspace);
    this.workspaces.set(leg ?? name, workspace);
    const all = { ...contexts, matrix: leg === null ? {} : { class: leg }, inputs: this.#inputs(given) };
    const ofWorkflow = envOf(this.workflow.env, all);
    const env = { ...ofWorkflow, ...given.environment, ...envOf(job.env, all) };
    const steps: Record<string, { readonly outputs: Readonly<Record<string, string>> }> = {};
    const ends: StepEnded[] = [];
    let isFailed = false;
    for (const step of job.steps) {
      const status: Status = { isFailed, isCancelled: false };
      const here: Contexts = { ...all, env, steps };
      const label = step.name ?? step.uses ?? step.run ?? "";
      if (!holds(asked(step.if), here, status)) {
        ends.push({ name: label, outcome: "skipped", exitCode: null, log: "" });
        continue;
      }
      const { end, outputs } = await this.#step(step, { name, leg, given, here, place, workspace, env, label });
      ends.push(end);
      if (step.id !== undefined) steps[step.id] = { outputs };
      isFailed ||= end.outcome === "failure";
    }
    const outputs = Object.entries(job.outputs ?? {}).map(([key, text]) => [
      key,
      interpolated(text, { ...all, env, steps: known(job, steps) }),
    ]);
    const summaries = join(place, "summaries");
    const summary = existsSync(summaries) ? readFileSync(summaries, "utf8") : "";
    return {
      result: isFailed ? "failure" : "success",
      outputs: Object.fromEntries(outputs) as Record<string, string>,
      steps: ends,
      summary,
    };
  }

  async #step(
    step: WorkflowStep,
    at: StepPlace,
  ): Promise<{ readonly end: StepEnded; readonly outputs: Readonly<Record<string, string>> }> {
    const { label } = at;
    if (step.uses !== undefined) {
      const problem = this.#action(step, at);
      const outcome = problem === null ? "success" : "failure";
      return { end: { name: label, outcome, exitCode: null, log: problem ?? "" }, outputs: {} };
    }
    const script = scriptOf(step, at);
    const output = join(at.place, "output");
    const summary = join(at.place, "summary");
    for (const file of [output, summary]) writeFileSync(file, "");
    const { exitCode, log } = await this.#bash(script, at, { output, summary, own: envOf(step.env, at.here) });
    writeFileSync(join(at.place, "summaries"), readFileSync(summary), { flag: "a" });
    const lines = readFileSync(output, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const outputs = lines.map((line) => {
      const equals = line.indexOf("=");
      if (equals < 1) throw new Error(`an output without a name: ${line}`);
      return [line.slice(0, equals), line.slice(equals + 1)];
    });
    const outcome = exitCode === 0 ? "success" : "failure";
    return {
      end: { name: label, outcome, exitCode, log },
      outputs: Object.fromEntries(outputs) as Record<string, string>,
    };
  }

  #bash(
    script: string,
    at: StepPlace,
    {
      output,
      summary,
      own,
    }: { readonly output: string; readonly summary: string; readonly own: Readonly<Record<string, string>> },
  ): Promise<{ readonly exitCode: number | null; readonly log: string }> {
    const file = join(at.place, "step.sh");
    writeFileSync(file, script);
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
      cwd: at.workspace,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${join(packageRoot, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}`,
        HOME: at.place,
        XDG_STATE_HOME: join(this.folder, "state"),
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: at.workspace,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_RUN_ID: runId,
        GITHUB_RUN_ATTEMPT: String(at.given.attempt ?? 1),
        RUNNER_TEMP: join(at.place, "temp"),
        ...at.env,
        ...own,
      },
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (log += text));
    const { promise, resolve, reject } = Promise.withResolvers<{
      readonly exitCode: number | null;
      readonly log: string;
    }>();
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, log }));
    return promise;
  }

  /** What an action does, or why it fails. */
  #action({ uses = "", with: told = {} }: WorkflowStep, at: StepPlace): string | null {
    const input = (key: string): string => interpolated(String(told[key] ?? ""), at.here);
    switch (uses.split("@")[0]) {
      case "actions/checkout":
        this.#checkout(at);
        return null;
      case "actions/setup-node":
        return null;
      case "actions/upload-artifact":
        return this.#upload(
          { name: input("name"), path: input("path"), ifNone: input("if-no-files-found") },
          at.workspace,
        );
      case "actions/download-artifact":
        return this.#download({ name: input("name"), pattern: input("pattern"), path: input("path") }, at.workspace);
      default:
        throw new Error(`the runner of these tests does not know the action ${uses}`);
    }
  }

  #checkout({ workspace, given }: StepPlace): void {
    for (const name of linked) symlinkSync(join(packageRoot, name), join(workspace, name));
    for (const [path, text] of Object.entries(given.files ?? {})) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  }

  #upload(
    { name, path, ifNone }: { readonly name: string; readonly path: string; readonly ifNone: string },
    workspace: string,
  ): string | null {
    if (name === "" || /[*?!\n]/.test(path))
      throw new Error(`the runner of these tests uploads one path, under a name: ${name} ${path}`);
    const from = join(workspace, path);
    const isFile = statSync(from, { throwIfNoEntry: false })?.isFile() ?? false;
    const isThere = isFile || (existsSync(from) && readdirSync(from).some((one) => !one.startsWith(".")));
    if (!isThere) return ifNone === "error" ? `No files were found with the provided path: ${path}.` : null;
    const to = join(this.artifacts, name);
    if (existsSync(to)) return `Conflict: an artifact with this name already exists: ${name}`;
    mkdirSync(to);
    if (isFile) cpSync(from, join(to, basename(from)));
    // Hidden files are left out since 4.4.
    else cpSync(from, to, { recursive: true, filter: (one) => one === from || !basename(one).startsWith(".") });
    return null;
  }

  #download(
    { name, pattern, path }: { readonly name: string; readonly pattern: string; readonly path: string },
    workspace: string,
  ): string | null {
    if ((name === "") === (pattern === ""))
      throw new Error("download-artifact without a name or a pattern takes every artifact: say which");
    const to = join(workspace, path);
    if (name !== "") {
      if (!existsSync(join(this.artifacts, name))) return `Artifact not found for name: ${name}`;
      cpSync(join(this.artifacts, name), to, { recursive: true });
      return null;
    }
    if (!/^[\w-]+\*$/.test(pattern))
      throw new Error(`the runner of these tests knows patterns that end in *, and no others: ${pattern}`);
    const found = readdirSync(this.artifacts).filter((one) => one.startsWith(pattern.slice(0, -1)));
    // One match alone is laid out in the folder itself, several in folders of their names.
    for (const one of found)
      cpSync(join(this.artifacts, one), found.length === 1 ? to : join(to, one), { recursive: true });
    return null;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Leg {
  readonly name: string;
  readonly job: WorkflowJob;
  readonly leg: string | null;
  readonly given: WorkflowGiven;
  readonly contexts: Contexts;
}

interface StepPlace {
  readonly name: string;
  readonly leg: string | null;
  readonly given: WorkflowGiven;
  readonly here: Contexts;
  readonly place: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly label: string;
}

/** What stands in the place of an installed package: this one, as it is built. */
const installed = `mkdir -p "$RUNNER_TEMP/prism-chaos/node_modules/.bin"
ln -s "${join(packageRoot, "bin", "run.js")}" "$RUNNER_TEMP/prism-chaos/node_modules/.bin/prism-chaos"`;

const runId = "7000000042";

function githubOf({ attempt = 1 }: WorkflowGiven): Readonly<Record<string, string | number>> {
  return { run_id: runId, run_attempt: attempt, event_name: "push", ref: "refs/heads/main" };
}

function of<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Error(`a job needs ${name}, which does not stand before it`);
  return found;
}

function envOf(
  env: Readonly<Record<string, string | number>> | undefined,
  contexts: Contexts,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env ?? {}).map(([key, text]) => [key, interpolated(`${text}`, contexts)]));
}

/** A condition in which no status function stands is asked of a step only while none failed. */
function asked(condition = "success()"): string {
  return /\b(always|success|failure|cancelled)\(\)/.test(condition) ? condition : `success() && (${condition})`;
}

/** Steps that did not run have no outputs. */
function known(job: WorkflowJob, steps: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...Object.fromEntries(job.steps.flatMap(({ id }) => (id === undefined ? [] : [[id, { outputs: {} }]]))),
    ...steps,
  };
}

function scriptOf(step: WorkflowStep, { name, leg, given }: StepPlace): string {
  const { run = "" } = step;
  if (run.includes("${{")) throw new Error(`an expression in a script: ${run}`);
  const instead = given.instead?.({ job: name, leg, step }) ?? null;
  if (instead !== null) return instead;
  if (run.trim() === "npm ci") return "test -d node_modules && test -d dist";
  return run.startsWith("npm install --prefix ") ? installed : run;
}
