import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeJsonAtomic } from "../core/atomic-file.ts";
import { fileDigest } from "../core/file-digest.ts";
import { wallTime } from "../core/clock.ts";
import { type ExitCode, exitCodes, strongestExitCode } from "../core/exit-code.ts";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import type { History } from "../core/history.ts";
import type { Plan } from "../core/plan.ts";
import { type FinishedRun, type Judgement, type Report, reportVersion, type RunInfo, sealed } from "../core/report.ts";
import type { RunOutcome } from "../core/run-outcome.ts";
import type { VerdictStatus } from "../core/verdict.ts";
import { historyFileName, type RunResult } from "./run.ts";

/** What a run's folder says of itself, from its first moment on: the stub that a crash leaves as evidence. */
export interface RunFile {
  readonly version: 1;
  readonly state: "running" | "judged" | "broken-off";
  readonly status: VerdictStatus;
  readonly run: RunInfo | FinishedRun;
  /** Why it was broken off, or what is left; empty otherwise. */
  readonly notes: readonly string[];
}

/** How the runs of a series are carried out; the harness hands it in. */
export interface SeriesParts {
  readonly outFolder: string;
  readonly series: string;
  readonly reproduce: (plan: Plan) => string;
  readonly tool: RunInfo["tool"];
  readonly commit: string | null;
  readonly attempt: number | null;
  readonly proxy: (plan: Plan) => RunInfo["proxy"];
  readonly run: (plan: Plan, place: { readonly id: string; readonly folder: string }) => Promise<RunResult>;
  readonly judge: (plan: Plan, history: History) => Judgement;
  /** Writes the files of a judged run into its folder. */
  readonly write: (report: Report, folder: string, history: History) => void;
  readonly onOutcome: (outcome: RunOutcome) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Runs plans one after another, each in a folder of its own, until all are done or the signal aborts. */
export async function runSeries(plans: readonly Plan[], parts: SeriesParts): Promise<readonly RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  for (const plan of plans) {
    const outcome = await runInFolder(plan, plans.length, parts);
    outcomes.push(outcome);
    await parts.onOutcome(outcome);
    // Over residue no further run would be believed.
    if (parts.signal.aborted || (outcome.kind === "judged" && outcome.residue.length > 0)) break;
  }
  return outcomes;
}

/** The exit code of one run. */
export function exitCodeOf(outcome: RunOutcome): ExitCode {
  if (outcome.kind === "broken-off") {
    const { thrown } = outcome;
    if (thrown instanceof HarnessError) return thrown.exitCode;
    return "exitCode" in thrown && isExitCode(thrown.exitCode) ? thrown.exitCode : exitCodes.bug;
  }
  const byStatus = { pass: exitCodes.pass, unknown: exitCodes.inconclusive, fail: exitCodes.broken } as const;
  const own = byStatus[outcome.report.status];
  return outcome.residue.length > 0 ? strongestExitCode([own, exitCodes.residue]) : own;
}

/** A new name for a series: `20261120-141503-leader-loss-3f9a`. Sorts by time (UTC). */
export function seriesName(scenario: string): string {
  return `${stamp()}-${scenario}-${unique()}`;
}

async function runInFolder(plan: Plan, planned: number, parts: SeriesParts): Promise<RunOutcome> {
  const id = `${stamp()}-${plan.scenario.name}-${plan.variant.name}-${plan.repetition}-${unique()}`;
  const folder = resolve(parts.outFolder, id);
  mkdirSync(folder, { recursive: true });
  const { series, tool, commit, attempt } = parts;
  const run: RunInfo = {
    id,
    series,
    planned,
    startedAt: wallTime(),
    reproduce: parts.reproduce(plan),
    tool,
    commit,
    attempt,
    proxy: parts.proxy(plan),
  };
  const note = (state: RunFile["state"], status: VerdictStatus, notes: readonly string[]): void => {
    const finished = state === "running" ? run : { ...run, finishedAt: wallTime() };
    const file: RunFile = { version: 1, state, status, run: finished, notes };
    writeJsonAtomic(join(folder, "run.json"), file);
  };
  note("running", "unknown", []);
  writeJsonAtomic(join(folder, "plan.json"), plan);
  try {
    const { history, residue } = await parts.run(plan, { id, folder });
    const report = await reportOf(run, folder, parts.judge(plan, history));
    parts.write(report, folder, history);
    note("judged", report.status, residue);
    return { kind: "judged", folder, report, residue };
  } catch (thrown) {
    note("broken-off", "unknown", [messageOf(thrown)]);
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { kind: "broken-off", folder, plan, run, thrown: error, reproduce: run.reproduce };
  }
}

async function reportOf(run: RunInfo, folder: string, judgement: Judgement): Promise<Report> {
  const finished: FinishedRun = { ...run, finishedAt: wallTime() };
  const historyDigest = await fileDigest(join(folder, historyFileName));
  return sealed({ version: reportVersion, run: finished, historyDigest, ...judgement });
}

function isExitCode(value: unknown): value is ExitCode {
  return Object.values(exitCodes).some((code) => code === value);
}

function unique(): string {
  return globalThis.crypto.randomUUID().slice(0, 4);
}

function stamp(): string {
  return wallTime().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
}
