import type { CriterionResult, Decision, Finding, FindingKind, Limits } from "../core/decision.ts";
import { type ExitCode, exitCodes, strongestExitCode } from "../core/exit-code.ts";
import type { Criterion, Judged } from "./criterion.ts";
import type { Evidence } from "./evidence.ts";
import { tainted } from "./tainted.ts";

const codes: Readonly<Record<FindingKind, ExitCode>> = {
  unusable: exitCodes.unusable,
  broken: exitCodes.broken,
  inconclusive: exitCodes.inconclusive,
};

/** By what, and when, is decided. */
export interface Deciding {
  readonly criteria: Readonly<Record<string, Criterion>>;
  readonly limits: Limits;
  /** RFC 3339. */
  readonly decidedAt: string;
}

/** The answer: a fold over what each criterion found. All that stands against a GO is told; the exit code is the first of 12, 10, 11. */
export function decide(evidence: Evidence, { criteria, limits, decidedAt }: Deciding): Decision {
  const judged = Object.entries(criteria).map(
    ([name, criterion]) => [name, criterion.judge(evidence, limits)] as const,
  );
  const all = [...tainted(evidence), ...judged.flatMap(([, one]) => one.findings)];
  const findings = inOrder(all, Object.keys(criteria));
  const results = judged.map(([name, one]) => resultOf(name, one, findings));
  const met = results.filter(({ status }) => status === "PASS").length;
  // No criterion at all shows nothing; neither does one that did not pass and says no reason.
  const isWhole = results.length > 0 && met === results.length;
  const exitCode = strongestExitCode([
    ...findings.map(({ kind }) => codes[kind]),
    isWhole ? exitCodes.pass : exitCodes.inconclusive,
  ]);
  return {
    version: 1,
    recommendation: recommendationOf(exitCode),
    exit_code: exitCode,
    decided_at: decidedAt,
    go_criteria_met: met,
    go_criteria_total: results.length,
    readiness_percentage: results.length === 0 ? 0 : Math.floor((met / results.length) * 10_000) / 100,
    limits,
    criteria: results,
    blocking_issues: findings,
    files: evidence.files,
  };
}

function recommendationOf(exitCode: ExitCode): Decision["recommendation"] {
  if (exitCode === exitCodes.pass) return "GO";
  return exitCode === exitCodes.inconclusive ? "CONTINUE_VALIDATION" : "NO_GO";
}

function resultOf(criterion: string, judged: Judged, findings: readonly Finding[]): CriterionResult {
  const kinds = new Set(findings.filter((one) => one.criteria.includes(criterion)).map(({ kind }) => kind));
  const { file, measured, required } = judged;
  return { criterion, status: statusOf(kinds, measured), file, measured: measured ?? "absent", required };
}

/** A pass needs something that was measured, and nothing against it. */
function statusOf(kinds: ReadonlySet<FindingKind>, measured: string | null): CriterionResult["status"] {
  if (kinds.has("unusable")) return "UNUSABLE";
  if (kinds.has("broken")) return "FAIL";
  return kinds.has("inconclusive") || measured === null ? "INCONCLUSIVE" : "PASS";
}

/** What cannot be believed first, then what is broken, then what is missing; each once, in the order of the criteria. */
function inOrder(findings: readonly Finding[], names: readonly string[]): readonly Finding[] {
  const once = new Map(findings.map((one) => [`${one.kind} ${one.file} ${one.field} ${one.reason}`, one]));
  const rank: Readonly<Record<FindingKind, number>> = { unusable: 0, broken: 1, inconclusive: 2 };
  const place = ({ criteria: [first = ""] }: Finding): number => names.indexOf(first);
  return [...once.values()].sort((left, right) => rank[left.kind] - rank[right.kind] || place(left) - place(right));
}
