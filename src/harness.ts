import { basename, resolve } from "node:path";
import { systemClock } from "./core/clock.ts";
import { writableFolder } from "./core/folder.ts";
import { type ExitCode, exitCodeName, exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { given } from "./core/given.ts";
import { kindOf, type LinkProxyServer } from "./core/link-proxy.ts";
import { nearby } from "./core/nearby.ts";
import { provenance } from "./core/provenance.ts";
import type { RunOutcome } from "./core/run-outcome.ts";
import type { Plan } from "./core/plan.ts";
import type { Redaction } from "./core/redaction.ts";
import type { SealKey } from "./core/seal.ts";
import type { Terminal } from "./core/terminal.ts";
import type { Unfinished } from "./core/unfinished.ts";
import { judge } from "./engine/judge.ts";
import { plansOf, reproduceCommand } from "./engine/request.ts";
import { exitCodeOf, runSeries, seriesName } from "./engine/series.ts";
import { defaults } from "./harness-catalogue.ts";
import { refuseResidue, runPlan } from "./harness-effects.ts";
import { refuseUnallowed } from "./harness-allow.ts";
import { judges } from "./harness-check.ts";
import { seriesFiles } from "./harness-evidence.ts";
import { hidingRun, hidingTerminal, secretsHidden } from "./harness-hiding.ts";
import { proxiesFor, sameProxy } from "./harness-links.ts";
import { sealKey } from "./harness-key.ts";
import { refuseMissing } from "./harness-plan.ts";
import { type AskedSeries, askedSeries, type SeriesFlags } from "./harness-series.ts";
import { reportedRuns, type RunsOutcome } from "./harness-reported.ts";
import { Underway } from "./harness-underway.ts";
import { brokenOffSummary, outcomeJson, runSummary } from "./reporters/console.ts";
import { type Watcher, watcher } from "./reporters/progress.ts";
import { seriesSummary } from "./reporters/series-summary.ts";
import { requireSecrets } from "./targets/secrets.ts";

export { inventory, inventoryKinds, publishedSchemas } from "./harness-catalogue.ts";
export { planScenarios } from "./harness-plan.ts";
export { healLeftBehind, inForceOf, standings } from "./harness-effects.ts";

/** What `run` takes besides: where the reports go, and who watches. */
export interface RunFlags extends SeriesFlags {
  readonly out: string | undefined;
  /** The file of the key that seals; undefined: as the variable says, if it does. */
  readonly sealKeyFile: string | undefined;
  readonly signal: AbortSignal;
  /** Is handed what tells what is under way, for whoever does not want to wait for it. */
  readonly onUnderway: (tell: () => Unfinished | null) => void;
  /** Where progress is told. */
  readonly terminal: Terminal;
  /** Width of the window that the result is printed in; Infinity where there is none. */
  readonly columns: number;
}

/** Runs scenarios one after another, each with its variants and repetitions, writes their reports and the contract files, says the verdict. */
export async function runScenarios(names: readonly string[], flags: RunFlags): Promise<RunsOutcome> {
  const { series, outFolder, key, hide } = prepared(names, flags);
  const { proxies, notes } = await proxiesFor(series, flags.signal);
  const watch = watcher(hidingTerminal(flags.terminal, hide));
  for (const note of notes) watch.say(`links: ${note}`);
  const underway = new Underway(systemClock, flags.signal);
  flags.onUnderway(() => underway.unfinished());
  const done: SeriesDone[] = [];
  for (const one of series) {
    done.push(
      await runOne(one, {
        outFolder,
        key,
        hide,
        out: flags.out ?? null,
        proxies,
        watch,
        underway,
        columns: flags.columns,
        told: flags.terminal.columns,
        signal: flags.signal,
      }),
    );
    // Over residue nothing further would be believed, and who stops one means all.
    if (flags.signal.aborted || strongestExitCode(done.map(({ exitCode }) => exitCode)) === exitCodes.residue) break;
  }
  const left = series.slice(done.length).map(({ request }) => request.scenario.name);
  const exitCode = strongestExitCode([
    ...done.map((one) => one.exitCode),
    ...(left.length > 0 ? [exitCodes.inconclusive] : []),
  ]);
  const notRun = left.length === 0 ? [] : [`Not run: ${left.join(", ")}.`];
  return {
    exitCode,
    text: [...done.map(({ text }) => text), ...notRun, `exit ${exitCode} (${exitCodeName(exitCode)})`].join("\n\n"),
    json: {
      exitCode,
      series: done.map(({ json }) => json),
      runs: done.flatMap(({ outcomes }) => outcomes.map(outcomeJson)),
      notRun: left,
      notes,
    },
    runs: series.flatMap(({ plans }, index) => reportedRuns(done[index]?.outcomes ?? [], plans)),
  };
}

/** Everything that must be right before anything is started, and is refused else. */
function prepared(names: readonly string[], flags: RunFlags) {
  refuseResidue();
  const series = askedSeries(names, flags).map((one) => ({ ...one, plans: plansOf(one.request) }));
  for (const { request, plans } of series) {
    for (const plan of plans) refuseMissing(request.target, plan);
    requireSecrets(request.target);
    refuseUnallowed(request.target, request.allow);
  }
  const outFolder = resolve(given(flags.out, "--out") ?? defaults().out ?? "reports");
  writableFolder(outFolder);
  const tell = (line: string): void => flags.terminal.write(`${line}\n`);
  const key = sealKey({ file: flags.sealKeyFile, use: "seal", evidence: outFolder, tell });
  const hide = secretsHidden(
    series.map(({ request }) => request.target),
    key,
    tell,
  );
  return { series, outFolder, key, hide };
}

interface SeriesDone {
  readonly exitCode: ExitCode;
  readonly text: string;
  readonly json: object;
  readonly outcomes: readonly RunOutcome[];
}

interface Running {
  readonly outFolder: string;
  /** Seals what is written; null: nothing does. */
  readonly key: SealKey | null;
  /** What must not be said. */
  readonly hide: Redaction;
  /** As it was given; null: it was not. */
  readonly out: string | null;
  /** On which the links of each plan stand. */
  readonly proxies: ReadonlyMap<Plan, LinkProxyServer>;
  readonly watch: Watcher;
  readonly underway: Underway;
  readonly columns: number;
  /** Width of the window that progress is told in. */
  readonly told: () => number;
  readonly signal: AbortSignal;
}

async function runOne(
  { request, asked, target, proxy, plans }: AskedSeries & { readonly plans: readonly Plan[] },
  { outFolder, key, hide, out, proxies, watch, underway, columns, told, signal }: Running,
): Promise<SeriesDone> {
  const series = seriesName(request.scenario.name);
  const serverOf = (plan: Plan): LinkProxyServer => proxies.get(plan) ?? { by: "builtin" };
  const files = seriesFiles(outFolder, key, (problem) => watch.say(problem));
  const outcomes = await runSeries(plans, {
    outFolder,
    series,
    signal,
    ...provenance(),
    proxy: (plan) => (plan.links.length === 0 ? null : { kind: kindOf(serverOf(plan)), by: serverOf(plan).by }),
    reproduce: (plan) =>
      reproduceCommand(plan, {
        ...request,
        scenario: asked,
        target,
        out,
        parameters: request.scenario.parameters,
        proxy: sameProxy(proxy, serverOf(plan)),
      }),
    run: (plan, place) =>
      hidingRun(place.folder, hide, () =>
        runTold({ ...place, plan, proxy: serverOf(plan), target: request.target, signal }, { watch, underway }),
      ),
    judge: (plan, history) => judge(plan, history, judges),
    write: files.judged,
    onOutcome: async (outcome) => {
      await files.ended(outcome);
      watch.say(outcomeSummary(outcome, told()));
    },
  });
  await files.finish(outcomes);
  const reports = outcomes.flatMap((outcome) => (outcome.kind === "judged" ? [outcome.report] : []));
  const exitCode = strongestExitCode(outcomes.map(exitCodeOf));
  return {
    exitCode,
    text: seriesSummary({
      scenario: request.scenario.name,
      reports,
      planned: plans.length,
      folders: Object.fromEntries(outcomes.map(({ folder }) => [basename(folder), nearby(folder)])),
      columns,
    }),
    json: { series, scenario: request.scenario.name, exitCode, planned: plans.length },
    outcomes,
  };
}

/** Runs one plan, and tells who watches of every phase and step, and of nodes that end by themselves. */
async function runTold(
  one: Omit<Parameters<typeof runPlan>[0], "onProgress" | "onNodeExit">,
  { watch, underway }: Pick<Running, "watch" | "underway">,
): ReturnType<typeof runPlan> {
  underway.begin(one.id, one.plan.nodes.length);
  try {
    return await runPlan({
      ...one,
      onProgress: (progress) => {
        underway.follow(progress);
        watch.progress(one.plan, progress);
      },
      onNodeExit: ({ node, how, lastLines }) => watch.say(`  node ${node} ended by itself: ${how}\n${lastLines}`),
    });
  } finally {
    underway.end();
    watch.end();
  }
}

function outcomeSummary(outcome: RunOutcome, columns: number): string {
  const folder = nearby(outcome.folder);
  if (outcome.kind === "broken-off") return brokenOffSummary(outcome, folder);
  return runSummary(outcome.report, { folder, reproduce: outcome.report.run.reproduce, columns });
}
