import type { Measurement } from "./measurement.ts";
import type { VerdictStatus } from "./verdict.ts";

/** What a list tells of a run that lies in a folder. */
export interface RunSummary {
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly series: string;
  /** RFC 3339; empty where it is not known. */
  readonly startedAt: string;
  /** Null: it has no report, for this reason. */
  readonly status: VerdictStatus | null;
  readonly reason: string;
  readonly repetition: string;
  readonly commit: string | null;
  readonly measurements: readonly Measurement[];
  readonly verdicts: readonly { readonly check: string; readonly status: VerdictStatus }[];
  /** Files of it that may be looked at, by name. */
  readonly files: readonly string[];
}

/** By what a list is narrowed; empty: by nothing. */
export interface RunFilter {
  readonly scenario: string;
  readonly variant: string;
  /** A verdict's status, or `unjudged`. */
  readonly status: string;
  /** Text in the id, the series or the commit. */
  readonly text: string;
}

/** The runs that a filter leaves, newest first. */
export function filtered(
  runs: readonly RunSummary[],
  { scenario, variant, status, text }: RunFilter,
): readonly RunSummary[] {
  const is = (wanted: string, found: string): boolean => wanted === "" || wanted === found;
  return runs
    .filter((run) => is(scenario, run.scenario) && is(variant, run.variant) && is(status, run.status ?? "unjudged"))
    .filter(({ id, series, commit }) => [id, series, commit ?? ""].some((one) => one.includes(text)))
    .toSorted((left, right) =>
      left.startedAt < right.startedAt ? 1 : left.startedAt > right.startedAt ? -1 : left.id < right.id ? 1 : -1,
    );
}
