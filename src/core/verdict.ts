/** What a check says. The lattice is pass < unknown < fail; none at all is unknown. */
export const verdictStatuses = ["pass", "unknown", "fail"] as const;
export type VerdictStatus = (typeof verdictStatuses)[number];

/** What a verdict rests on: a sentence, and where it is in the history. */
export interface Evidence {
  readonly text: string;
  /** Operations of the history, by number. */
  readonly operations?: readonly number[];
  readonly nodes?: readonly string[];
  readonly terms?: readonly number[];
  /** Times in ms since the run's start. */
  readonly atMs?: readonly number[];
}

/** Evidence that is there: the type of every pass and fail. */
export type SomeEvidence = readonly [Evidence, ...Evidence[]];

/** What a check found. A pass without evidence cannot be written down; what was not shown is unknown, with the reason. */
export type Verdict =
  | { readonly check: string; readonly status: "pass" | "fail"; readonly evidence: SomeEvidence }
  | {
      readonly check: string;
      readonly status: "unknown";
      readonly reason: string;
      readonly evidence: readonly Evidence[];
    };

/** All verdicts in one: the worst of them, unknown if there is none. */
export function worstStatus(verdicts: readonly { readonly status: VerdictStatus }[]): VerdictStatus {
  if (verdicts.length === 0 || verdicts.some(({ status }) => status === "unknown")) {
    return verdicts.some(({ status }) => status === "fail") ? "fail" : "unknown";
  }
  return verdicts.some(({ status }) => status === "fail") ? "fail" : "pass";
}
