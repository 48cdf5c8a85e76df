import { wallTimeAfter } from "../core/clock.ts";
import type { FaultWindow, Report } from "../core/report.ts";
import { casesOf } from "./criterion-case.ts";
import { jsonText } from "./json-text.ts";
import type { JudgedRun, ReportedRun, UnjudgedRun } from "./reported.ts";

/**
 * One run as a journal of the Chaos Toolkit. `completed` only where everything was shown to hold; broken is `failed` and deviated, not
 * shown is `failed` and not deviated, as nothing was found out; broken off is `aborted`, or `interrupted` where nobody ended it. Times of
 * activities are the run's start and the times of its report.
 */
export function chaosToolkitJournal(run: ReportedRun): string {
  return jsonText(run.kind === "judged" ? judgedJournal(run) : unjudgedJournal(run));
}

/** The journal of no run: nothing was carried out. */
export function emptyJournal(): string {
  return jsonText({
    experiment: experimentOf("no run was found", []),
    status: "failed",
    deviated: false,
    ...spanFrom(epoch, epoch),
    steady_states: { before: null, after: null, during: [] },
    run: [],
    rollbacks: [],
  });
}

const epoch = "1970-01-01T00:00:00Z";

function judgedJournal(one: JudgedRun): object {
  const { report } = one;
  const { plan, run, status } = report;
  const steady = plan.steadyState.probes.map((name) => probe(name, true));
  const criteria = criteriaOf(report);
  return {
    platform: run.tool.platform,
    experiment: {
      ...experimentOf(`${plan.scenario.title}: ${plan.variant.title}`, [plan.scenario.class, plan.scenario.name]),
      "steady-state-hypothesis": {
        title: "The system is steady, and every criterion of the scenario holds",
        probes: [...steady, ...criteria.map(({ activity }) => activity)],
      },
      method: report.faults.map(injection),
      rollbacks: report.faults.map(healing),
      extensions: [extension(report)],
    },
    status: endOf(one),
    deviated: status === "fail",
    ...spanFrom(run.startedAt, run.finishedAt),
    steady_states: {
      before: steadyBefore(report, steady),
      after: { steady_state_met: status === "pass", probes: criteria },
      during: [],
    },
    run: report.faults.map((fault) => ({
      activity: injection(fault),
      status: fault.observed ? "succeeded" : "failed",
      ...spanOf(report, fault.startedMs, fault.injectedMs),
      output: fault.observed ? "seen in force" : "not seen in force",
    })),
    rollbacks: report.faults.map((fault) => ({
      activity: healing(fault),
      status: fault.healedMs === null ? "failed" : "succeeded",
      ...spanOf(report, fault.healStartedMs ?? fault.injectedMs, fault.healedMs),
      output: fault.healedMs === null ? "not healed" : "healed",
    })),
  };
}

/** How a judged run ended. `completed` is said of a pass alone: its readers take it, undeviated, for one. */
function endOf({ report: { status, verdicts }, residue }: JudgedRun): "completed" | "failed" | "aborted" {
  if (verdicts.some((one) => one.check.startsWith("abort: ") && one.status === "fail")) return "aborted";
  return status === "pass" && residue.length === 0 ? "completed" : "failed";
}

function criteriaOf(report: Report) {
  return casesOf(report).map((one) => ({
    activity: probe(one.name, one.required),
    // A probe that fails is one that could not tell.
    status: one.status === "unknown" ? "failed" : "succeeded",
    ...spanOf(report, 0, null),
    tolerance_met: one.status === "pass",
    output: one.reason === "" ? one.measured : `${one.measured}; ${one.reason}`,
  }));
}

/** The steady state before the first fault; null: the scenario does not check it. */
function steadyBefore(report: Report, steady: readonly object[]): object | null {
  const before = report.verdicts.find(({ check }) => check === "steady-before")?.status;
  if (before === undefined) return null;
  const probes = steady.map((activity) => ({
    activity,
    status: before === "unknown" ? "failed" : "succeeded",
    ...spanOf(report, 0, report.faults[0]?.startedMs ?? null),
    tolerance_met: before === "pass",
    output: null,
  }));
  return { steady_state_met: before === "pass", probes };
}

function unjudgedJournal(run: UnjudgedRun): object {
  const start = run.startedAt ?? epoch;
  const { reason, reproduce, how } = run;
  return {
    experiment: {
      ...experimentOf(`${run.scenario}: ${run.variant}`, [run.scenario]),
      extensions: [{ name: "prism-chaos", run: run.run, series: run.series, how, reason, reproduce }],
    },
    status: how === "broken off" ? "aborted" : "interrupted",
    deviated: false,
    ...spanFrom(start, start),
    steady_states: { before: null, after: null, during: [] },
    run: [],
    rollbacks: [],
  };
}

function experimentOf(title: string, tags: readonly string[]): object {
  const description = "Carried out by prism-chaos; the Chaos Toolkit can read it, not run it.";
  return { version: "1.0.0", title, description, tags, method: [], rollbacks: [] };
}

function extension({ plan, run, measurements, seal }: Report): object {
  return {
    name: "prism-chaos",
    run: run.id,
    series: run.series,
    repetition: plan.repetition,
    repetitions: plan.repetitions,
    seed: plan.seriesSeed,
    commit: run.commit,
    source: plan.source,
    planDigest: plan.digest,
    seal,
    reproduce: run.reproduce,
    measurements: measurements.map((one) => ({ ...one, tracks: undefined })),
  };
}

function probe(name: string, tolerance: string | boolean): object {
  return { type: "probe", name, tolerance, provider: provider("check") };
}

function injection({ fault, cast }: FaultWindow): object {
  return { type: "action", name: `inject ${fault}`, provider: provider("run"), on: cast };
}

function healing({ fault }: FaultWindow): object {
  return { type: "action", name: `heal ${fault}`, provider: provider("run") };
}

function provider(command: string): object {
  return { type: "process", path: "prism-chaos", arguments: command };
}

/** A stretch of the run, in ms since its start; null: to its end. */
function spanOf({ run }: Report, fromMs: number, toMs: number | null): object {
  const start = wallTimeAfter(run.startedAt, fromMs) ?? run.startedAt;
  return spanFrom(start, toMs === null ? run.finishedAt : (wallTimeAfter(run.startedAt, toMs) ?? run.finishedAt));
}

function spanFrom(start: string, end: string): object {
  return { start, end, duration: Math.max(0, Date.parse(end) - Date.parse(start)) / 1000 };
}
