import type { Finding } from "../core/decision.ts";
import { formatMs } from "../core/duration.ts";
import type { Report } from "../core/report.ts";
import { below, type Place, unusable, when } from "./place.ts";
import type { Policy } from "./policy.ts";

/** What is wrong with when a run was: stale, of the future, or ended before it began. Its own stamps count, never those of files. */
export function timeFindings(
  { run }: Report,
  place: Place,
  { policy, nowMs }: { policy: Policy; nowMs: number },
): readonly Finding[] {
  const [startedMs, finishedMs] = [Date.parse(run.startedAt), Date.parse(run.finishedAt)];
  const at = below(place, "run", "finishedAt");
  const measured = run.finishedAt;
  if (!Number.isFinite(startedMs) || !Number.isFinite(finishedMs)) {
    return [unusable(at, { reason: "the run's times are no times", measured, required: "RFC 3339" })];
  }
  const ageMs = nowMs - finishedMs;
  return [
    ...when(startedMs > finishedMs, () =>
      unusable(at, { reason: "the run ended before it began", measured, required: `not before ${run.startedAt}` }),
    ),
    ...when(ageMs > policy.oldestMs, () =>
      unusable(at, {
        reason: `the run is stale: it ended ${formatMs(ageMs)} ago`,
        measured,
        required: `at most ${formatMs(policy.oldestMs)} old`,
      }),
    ),
    ...when(-ageMs > policy.aheadMs, () =>
      unusable(at, {
        reason: `the run ended in the future, ${formatMs(-ageMs)} from now: a clock was wrong`,
        measured,
        required: `at most ${formatMs(policy.aheadMs)} ahead`,
      }),
    ),
  ];
}
