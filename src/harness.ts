import { join, relative, resolve } from "node:path";
import type { Outcome } from "./command.ts";
import { writeFileAtomic, writeJsonAtomic } from "./core/atomic-file.ts";
import { chaosDurationMs } from "./core/environment.ts";
import { writableFolder } from "./core/folder.ts";
import { exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { HarnessError } from "./core/harness-error.ts";
import { atPointer, digest } from "./core/json.ts";
import { lazily } from "./core/lazily.ts";
import { currentCommit, toolInfo } from "./core/provenance.ts";
import { freshSeed } from "./core/random.ts";
import type { RunOutcome } from "./core/run-outcome.ts";
import type { ProfileName } from "./core/scenario.ts";
import type { Plan } from "./core/plan.ts";
import type { Target } from "./core/target.ts";
import { sizeOf } from "./core/target-nodes.ts";
import { checks } from "./checks/index.ts";
import { expectationVerdicts } from "./checks/expectations.ts";
import { judge, type Judges } from "./engine/judge.ts";
import { missingFrom, needs, type Registries } from "./engine/plan.ts";
import { plansOf, reproduceCommand, type SeriesRequest } from "./engine/request.ts";
import { exitCodeOf, runSeries, seriesName } from "./engine/series.ts";
import { readStoredRun } from "./engine/stored-run.ts";
import { faults } from "./faults/index.ts";
import { catalogueTargets, findScenario, findTarget } from "./harness-catalogue.ts";
import { refuseResidue, runPlan } from "./harness-effects.ts";
import { measures } from "./measures/index.ts";
import { probes } from "./probes/index.ts";
import { brokenOffSummary, outcomeJson, progressLine, runSummary, seriesSummary } from "./reporters/console.ts";
import { writeContractFiles } from "./reporters/contract.ts";
import { htmlReport } from "./reporters/html.ts";
import { planText } from "./reporters/plan-text.ts";
import { requireSecrets } from "./targets/secrets.ts";
import { workloads } from "./workloads/index.ts";

export { inventory, inventoryKinds, publishedSchemas } from "./harness-catalogue.ts";
export { healLeftBehind, standings } from "./harness-effects.ts";

/** The registries by which names of files are understood. */
const registries: Registries = { faults, probes, workloads };

/** How a history is judged. */
const judges: Judges = { measures, checks, probes, expectations: expectationVerdicts };

/** What the flags of `run` and `plan` say. */
export interface SeriesFlags {
  readonly target: string;
  readonly profile: ProfileName;
  /** Undefined: every variant. */
  readonly variant: readonly string[] | undefined;
  readonly seed: string | undefined;
  readonly repeat: number;
  readonly repetition: number | undefined;
  readonly nodes: number | undefined;
  readonly defect: string | undefined;
}

/** What `run` takes besides: where the reports go, a proxy that is there already, and who watches. */
export interface RunFlags extends SeriesFlags {
  readonly out: string;
  readonly proxy: string | undefined;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Runs a scenario's variants and repetitions, writes their reports and the contract files, says the verdict. */
export async function runScenario(asked: string, flags: RunFlags): Promise<Outcome> {
  refuseResidue();
  const request = seriesRequest(asked, flags);
  const plans = plansOf(request);
  for (const plan of plans) refuseMissing(request.target, plan);
  requireSecrets(request.target);
  const outFolder = resolve(flags.out);
  writableFolder(outFolder);
  const proxyUrl = proxyUrlOf(flags.proxy);
  const series = seriesName(request.scenario.name);
  const outcomes = await runSeries(plans, {
    outFolder,
    series,
    signal: flags.signal,
    tool: toolInfo(),
    commit: currentCommit(),
    reproduce: (plan) => reproduceCommand(plan, { ...request, scenario: asked, target: flags.target }),
    run: (plan, place) => runTold({ ...place, plan, proxyUrl, target: request.target }, flags),
    judge: (plan, history) => judge(plan, history, judges),
    write: (report, folder, history) => {
      writeJsonAtomic(join(folder, "report.json"), report);
      writeFileAtomic(join(folder, "report.html"), htmlReport(report, history));
    },
    onOutcome: (outcome) => flags.tell(outcomeSummary(outcome)),
  });
  await writeContractFiles(outFolder, series, outcomes);
  const reports = outcomes.flatMap((outcome) => (outcome.kind === "judged" ? [outcome.report] : []));
  const exitCode = strongestExitCode(outcomes.map(exitCodeOf));
  return {
    exitCode,
    text: seriesSummary({ reports, planned: plans.length, exitCode }),
    json: { series, exitCode, planned: plans.length, runs: outcomes.map(outcomeJson) },
  };
}

/** Shows what `run` would do, and what the target lacks for it. */
export function planScenario(asked: string, flags: SeriesFlags): Outcome {
  const request = seriesRequest(asked, flags);
  const { target, nodes, scenario, profile } = request;
  const size = sizeOf(target, nodes, scenario.profiles[profile].nodes).reason;
  const plans = plansOf(request).map((plan) => ({
    plan,
    missing: missingFrom(target, plan, registries),
    elsewhere: targetsFor(plan),
    size,
    capabilities: [...needs(plan, registries).capabilities],
  }));
  const isWhole = plans.every(({ missing }) => missing.length === 0);
  return {
    exitCode: isWhole ? exitCodes.pass : exitCodes.unavailable,
    text: plans.map((planned) => planText(planned, faults)).join("\n\n"),
    json: { plans },
  };
}

/** Judges a stored run again; exit 12 if its report says anything else than its history shows. */
export async function checkAgain(folder: string): Promise<Outcome> {
  const { plan, history, report } = await readStoredRun(folder);
  const again = judge(plan, history, judges);
  if (report === null) {
    const text = `${folder} was broken off: it has no report to compare with. Its history shows: ${again.status}.`;
    return { exitCode: exitCodes.inconclusive, text, json: { same: null, ...again } };
  }
  const { run: _run, version: _version, ...stored } = report;
  const isSame = digest(stored) === digest(again);
  const exitCode = { pass: exitCodes.pass, unknown: exitCodes.inconclusive, fail: exitCodes.broken }[again.status];
  const reproduce = atPointer(report, "/run/reproduce");
  const summary = runSummary(again, { folder, reproduce: typeof reproduce === "string" ? reproduce : "" });
  const difference = isSame
    ? "The report says the same."
    : "The report says something else than the history shows: it was altered, or written by another version.";
  return {
    exitCode: isSame ? exitCode : exitCodes.unusable,
    text: `${summary}\n${difference}`,
    json: { same: isSame, ...again },
  };
}

/** Runs one plan, and tells who watches of every phase and step, and of nodes that end by themselves. */
function runTold(
  one: Omit<Parameters<typeof runPlan>[0], "signal" | "onProgress" | "onNodeExit">,
  { signal, tell }: RunFlags,
): ReturnType<typeof runPlan> {
  return runPlan({
    ...one,
    signal,
    onProgress: (progress) => tell(progressLine(one.plan, progress)),
    onNodeExit: ({ node, how, lastLines }) => tell(`  node ${node} ended by itself: ${how}\n${lastLines}`),
  });
}

function outcomeSummary(outcome: RunOutcome): string {
  const near = relative(process.cwd(), outcome.folder);
  const folder = near.startsWith("..") ? outcome.folder : near || ".";
  if (outcome.kind === "broken-off") return brokenOffSummary(outcome, folder);
  return runSummary(outcome.report, { folder, reproduce: outcome.report.run.reproduce });
}

function seriesRequest(asked: string, flags: SeriesFlags): SeriesRequest {
  return {
    scenario: findScenario(asked),
    target: findTarget(flags.target),
    profile: flags.profile,
    variants: flags.variant ?? [],
    seed: flags.seed ?? freshSeed(),
    repeat: flags.repeat,
    repetition: flags.repetition ?? null,
    nodes: flags.nodes ?? null,
    defect: flags.defect ?? null,
    faultMs: chaosDurationMs(),
  };
}

function proxyUrlOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (URL.canParse(text) && text.startsWith("http:")) return text;
  throw new HarnessError(`--proxy is "${text}"; it is the URL of a proxy's API`, {
    code: "no-url",
    exit: "usage",
    next: "write it as http://127.0.0.1:8474, or leave it out for the built-in proxy",
  });
}

function refuseMissing(target: Target, plan: Plan): void {
  const missing = missingFrom(target, plan, registries);
  if (missing.length === 0) return;
  const elsewhere = targetsFor(plan);
  const others = elsewhere.length === 0 ? "" : `, another target (${elsewhere.join(", ")})`;
  throw new HarnessError(`target ${target.name} lacks ${missing.join(", ")}`, {
    code: "target-lacks",
    exit: "unavailable",
    next: `add it to ${target.file}, or choose another variant${others}; \`prism-chaos plan\` shows what each needs`,
  });
}

const shippedTargets = lazily(catalogueTargets);

/** The targets of the catalogue that have everything which a plan needs. */
function targetsFor(plan: Plan): readonly string[] {
  return shippedTargets()
    .filter((target) => missingFrom(target, plan, registries).length === 0)
    .map(({ name }) => name);
}
