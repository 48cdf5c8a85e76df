import type { Check, Evidenced, Measure } from "../core/check.ts";
import { messageOf } from "../core/harness-error.ts";
import { faultSpans, type History } from "../core/history.ts";
import type { Plan } from "../core/plan.ts";
import type { Judgement, Traffic } from "../core/report.ts";
import { sideUnder } from "../core/side-under.ts";
import { type Verdict, worstStatus } from "../core/verdict.ts";

/** The registries by which a history is judged; the harness hands them in. */
export interface Judges {
  readonly measures: Readonly<Record<string, Measure>>;
  readonly checks: Readonly<Record<string, Check>>;
  /** Judges one expectation of the plan after another. */
  readonly expectations: (plan: Plan, measurements: Judgement["measurements"]) => readonly Verdict[];
  /** Judges the plan's abort conditions. */
  readonly aborts: (plan: Plan, history: History) => readonly Verdict[];
  readonly probes: Evidenced["probes"];
}

/** Everything of a report that follows from plan and history: judged again from the files of a run, it comes out the same. */
export function judge(plan: Plan, history: History, judges: Judges): Judgement {
  const evidence: Evidenced = { plan, history, probes: judges.probes };
  const measurements = Object.values(judges.measures).map((measure) => measure.measure(evidence));
  const checked = plan.checks.map((name) => checkOne(name, judges.checks[name], { ...evidence, measurements }));
  const verdicts = [...checked, ...judges.expectations(plan, measurements), ...judges.aborts(plan, history)];
  return {
    plan,
    status: worstStatus(verdicts),
    measurements,
    verdicts,
    traffic: trafficOf(plan, history),
    faults: faultSpans(history).map(
      ({ fault, startedMs, injectedMs, seen, unseen, healStartedMs, healedMs, cast }) => ({
        fault,
        startedMs,
        injectedMs,
        observed: seen.length > 0 && unseen?.length === 0,
        healStartedMs,
        healedMs,
        cast,
      }),
    ),
  };
}

/** A check that cannot be run shows nothing: unknown, with what went wrong, never a pass and never the end of the others. */
function checkOne(name: string, check: Check | undefined, evidence: Parameters<Check["check"]>[0]): Verdict {
  if (check === undefined)
    return { check: name, status: "unknown", reason: `there is no check "${name}"`, evidence: [] };
  try {
    return check.check(evidence);
  } catch (thrown) {
    return { check: name, status: "unknown", reason: `the check broke off: ${messageOf(thrown)}`, evidence: [] };
  }
}

function trafficOf(plan: Plan, history: History): Traffic {
  const spans = faultSpans(history);
  const counts = { ok: 0, fail: 0, info: 0, okDuringFaults: 0 };
  for (const { outcome, invokedMs, completedMs } of history.operations()) {
    counts[outcome] += 1;
    const during = spans.some(
      (span) => invokedMs >= span.injectedMs && completedMs <= (span.healStartedMs ?? history.endMs),
    );
    if (outcome === "ok" && during) counts.okDuringFaults += 1;
  }
  if (plan.edits === null && plan.blocks === null) return counts;
  const { reads, writes } = sideUnder(spans, history);
  return { ...counts, besideDuringFaults: reads + writes };
}
