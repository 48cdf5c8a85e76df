import type {
  CriterionResult,
  CriterionStatus,
  Decision,
  Finding,
  FindingKind,
  WaivedFinding,
} from "../core/decision.ts";
import { type ExitCode, exitCodes, strongestExitCode } from "../core/exit-code.ts";
import type { Criterion, Judged } from "./criterion.ts";
import type { Evidence } from "./evidence.ts";
import { located } from "./located.ts";
import type { Policy, Waiver } from "./policy.ts";
import { tainted } from "./tainted.ts";
import { covers } from "./waiver.ts";

const codes: Readonly<Record<FindingKind, ExitCode>> = {
  unusable: exitCodes.unusable,
  broken: exitCodes.broken,
  inconclusive: exitCodes.inconclusive,
};

/** By what, and when, is decided. */
export interface Deciding {
  readonly criteria: Readonly<Record<string, Criterion>>;
  /** What blocks whatever else holds, and is no criterion that is met. */
  readonly triggers?: Readonly<Record<string, Criterion>>;
  readonly policy: Policy;
  /** Measures and checks that no waiver covers. */
  readonly neverWaived?: readonly string[];
  /** RFC 3339. */
  readonly decidedAt: string;
}

/** The answer: a fold over what each criterion found. All that stands against a GO is told; the exit code is the first of 12, 10, 11. */
export function decide(evidence: Evidence, deciding: Deciding): Decision {
  const { criteria, triggers = {}, policy, decidedAt } = deciding;
  const judge = (named: Readonly<Record<string, Criterion>>): readonly Named[] =>
    Object.entries(named).map(([name, criterion]) => ({ name, judged: criterion.judge(evidence, policy.limits) }));
  const [judged, fired] = [judge(criteria), judge(triggers)];
  const all = [...tainted(evidence), ...[...judged, ...fired].flatMap((one) => one.judged.findings)];
  const found = inOrder(located(all, evidence.chaos), [...Object.keys(criteria), ...Object.keys(triggers)]);
  const { blocking, waived, unused } = waivedOf(found, deciding);
  const results = judged.map((one) => resultOf(one, blocking, waived));
  // No criterion at all shows nothing; neither does one that did not pass and says no reason.
  const isWhole = results.length > 0 && results.every(({ status }) => holding.includes(status));
  const met = results.filter(({ status }) => status === "PASS" || status === "MARGINAL").length;
  const exitCode = strongestExitCode([
    ...blocking.map(({ kind }) => codes[kind]),
    isWhole ? exitCodes.pass : exitCodes.inconclusive,
  ]);
  const { file, name } = policy.release;
  return {
    version: 1,
    recommendation: recommendationOf(exitCode),
    exit_code: exitCode,
    decided_at: decidedAt,
    go_criteria_met: met,
    go_criteria_total: results.length,
    readiness_percentage: results.length === 0 ? 0 : Math.floor((met / results.length) * 10_000) / 100,
    limits: policy.limits,
    policy: file === null || name === null ? null : { name, file },
    criteria: results,
    no_go_triggers: fired.map((one) => resultOf(one, blocking, [])),
    blocking_issues: blocking,
    waived_issues: waived,
    warnings: warningsOf(results, waived, unused),
    files: evidence.files,
  };
}

/** With these a criterion does not stand against a GO. */
const holding: readonly CriterionStatus[] = ["PASS", "MARGINAL", "WAIVED"];

interface Named {
  readonly name: string;
  readonly judged: Judged;
}

/** What blocks, what is broken and waived, and the waivers that nothing needs. No trigger's finding is ever waived. */
function waivedOf(
  found: readonly Finding[],
  { policy, triggers = {}, neverWaived = [] }: Deciding,
): {
  readonly blocking: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  readonly unused: readonly Waiver[];
} {
  const { waivers } = policy.release;
  const mayBe = ({ criteria }: Finding): boolean => !criteria.some((name) => Object.hasOwn(triggers, name));
  const covered = found.map((finding) => {
    const waiver = mayBe(finding) ? waivers.find((one) => covers(one, finding, neverWaived)) : undefined;
    return { finding, waiver };
  });
  const used = new Set(covered.flatMap(({ waiver }) => waiver ?? []));
  return {
    blocking: covered.flatMap(({ finding, waiver }) => (waiver === undefined ? [finding] : [])),
    waived: covered.flatMap(({ finding, waiver }) => {
      if (waiver === undefined) return [];
      const { waive, reason, owner, issue, expires } = waiver;
      return [{ ...finding, waiver: { waive, reason, owner, issue, expires } }];
    }),
    unused: waivers.filter((one) => !used.has(one)),
  };
}

function warningsOf(
  results: readonly CriterionResult[],
  waived: readonly WaivedFinding[],
  unused: readonly Waiver[],
): readonly string[] {
  return [
    ...results
      .filter(({ status }) => status === "MARGINAL")
      .map(
        ({ criterion, measured, required }) => `${criterion} is close to its limit: ${measured}, required ${required}`,
      ),
    ...waived.map(
      ({ about = "", scenario = "", measured, required, waiver }) =>
        `${about} in ${scenario} is waived until ${waiver.expires} (${waiver.owner}, ${waiver.issue}: ${waiver.reason}): ${measured}, required ${required}`,
    ),
    ...unused.map(
      ({ waive, scenario, place }) => `${place}: nothing needs the waiver of ${waive} in ${scenario}; take it away`,
    ),
  ];
}

function recommendationOf(exitCode: ExitCode): Decision["recommendation"] {
  if (exitCode === exitCodes.pass) return "GO";
  return exitCode === exitCodes.inconclusive ? "CONTINUE_VALIDATION" : "NO_GO";
}

function resultOf({ name, judged }: Named, blocking: readonly Finding[], waived: readonly Finding[]): CriterionResult {
  const of = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter((one) => one.criteria.includes(name));
  const kinds = new Set(of(blocking).map(({ kind }) => kind));
  const { file, measured, required } = judged;
  const held = judged.isMarginal === true ? "MARGINAL" : "PASS";
  const status = statusOf(kinds, measured) ?? (of(waived).length > 0 ? "WAIVED" : held);
  return { criterion: name, status, file, measured: measured ?? "absent", required };
}

/** What stands against it; null: nothing does, and something was measured. */
function statusOf(kinds: ReadonlySet<FindingKind>, measured: string | null): CriterionStatus | null {
  if (kinds.has("unusable")) return "UNUSABLE";
  if (kinds.has("broken")) return "FAIL";
  return kinds.has("inconclusive") || measured === null ? "INCONCLUSIVE" : null;
}

/** What cannot be believed first, then what is broken, then what is missing; each once, in the order of the criteria. */
function inOrder(findings: readonly Finding[], names: readonly string[]): readonly Finding[] {
  const once = new Map(findings.map((one) => [`${one.kind} ${one.file} ${one.field} ${one.reason}`, one]));
  const rank: Readonly<Record<FindingKind, number>> = { unusable: 0, broken: 1, inconclusive: 2 };
  const place = ({ criteria: [first = ""] }: Finding): number => names.indexOf(first);
  return [...once.values()].sort((left, right) => rank[left.kind] - rank[right.kind] || place(left) - place(right));
}
