import type { AbortCondition } from "../core/abort-condition.ts";
import type { History } from "../core/history.ts";
import type { Plan } from "../core/plan.ts";
import { abortName } from "../core/scenario-source.ts";
import type { Verdict } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

/** One verdict for each abort condition of the plan: fail where it was met, unknown where its gauge was never read. */
export function abortVerdicts(plan: Plan, history: History): readonly Verdict[] {
  const watched = [...history.eventsOf("abort.watched")];
  return plan.abort.map((condition) => {
    const found = watched.find((event) => event.condition === condition.text);
    const check = abortName(condition);
    if (found === undefined) return unknownVerdict(check, "nobody watched for it");
    const evidence = { text: worstText(condition, found), atMs: [found.atMs] } as const;
    if (found.met) return { check, status: "fail", evidence: [evidence] };
    if (found.looks === 0)
      return unknownVerdict(check, `${nameOf(condition)} could never be read while faults were in force`);
    return { check, status: "pass", evidence: [evidence] };
  });
}

function nameOf(condition: AbortCondition): string {
  return "probe" in condition ? condition.probe : condition.gauge;
}

function worstText(
  condition: AbortCondition,
  { met, looks, worst }: { readonly met: boolean; readonly looks: number; readonly worst: number | null },
): string {
  const what = met ? "it was met, and the faults were healed at once" : "it was never met";
  const most = worst === null ? "not at all" : String(Math.round(worst * 1000) / 1000);
  const told = "probe" in condition ? `it ${condition.when} for ${most} ms at the longest` : `at worst ${most}`;
  return `${what}; ${nameOf(condition)} was read ${looks} times, ${told}`;
}
