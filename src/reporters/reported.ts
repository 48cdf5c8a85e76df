import type { Report } from "../core/report.ts";
import type { PlanSource } from "../core/scenario-source.ts";

/** One run as a document tells of it: judged, or planned and not judged. There is no third kind, so that none is left out. */
export type ReportedRun = JudgedRun | UnjudgedRun;

/** A run with its report. */
export interface JudgedRun {
  readonly kind: "judged";
  readonly report: Report;
  /** What could not be healed or disposed of. */
  readonly residue: readonly string[];
}

/** A run that was broken off, killed, or never begun. */
export interface UnjudgedRun {
  readonly kind: "unjudged";
  /** Whether somebody ended it: one that was killed, or not begun, nobody did. */
  readonly how: "broken off" | "not ended" | "not begun";
  readonly scenario: string;
  readonly variant: string;
  readonly repetition: number;
  readonly run: string;
  readonly series: string;
  /** RFC 3339, or null where it is not known. */
  readonly startedAt: string | null;
  readonly reason: string;
  readonly reproduce: string;
  /** Where its scenario stands; null: nothing that is left of it says so. */
  readonly source: Pick<PlanSource, "file" | "line"> | null;
}

/** What every run has, judged or not. */
export interface RunHead {
  readonly scenario: string;
  readonly variant: string;
  readonly repetition: number;
  readonly repetitions: number;
  readonly run: string;
  readonly reproduce: string;
  readonly source: Pick<PlanSource, "file" | "line"> | null;
}

/** What a run is called, and where its scenario stands. */
export function headOf(one: ReportedRun): RunHead {
  if (one.kind === "unjudged") return { ...one, repetitions: one.repetition };
  const { plan, run } = one.report;
  return {
    scenario: plan.scenario.name,
    variant: plan.variant.name,
    repetition: plan.repetition,
    repetitions: plan.repetitions,
    run: run.id,
    reproduce: run.reproduce,
    source: plan.source,
  };
}

/** Runs in the one order in which they are told: equal runs give equal documents, in whatever order their files were found. */
export function inOrder(runs: readonly ReportedRun[]): readonly ReportedRun[] {
  const key = (one: ReportedRun): readonly string[] => {
    const { scenario, variant, repetition, run } = headOf(one);
    return [scenario, variant, String(repetition).padStart(9, "0"), run];
  };
  return runs.toSorted((left, right) => {
    const [one, other] = [key(left), key(right)];
    const at = one.findIndex((part, index) => part !== other[index]);
    if (at < 0) return 0;
    return (one[at] ?? "") < (other[at] ?? "") ? -1 : 1;
  });
}

/** How long a run took, in ms: from its folder's first moment to its report. */
export function durationOf({ run }: Report): number {
  return Math.max(0, Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}
