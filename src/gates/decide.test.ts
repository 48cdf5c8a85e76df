import { expect, test } from "vitest";
import type { Finding, FindingKind } from "../core/decision.ts";
import type { Criterion } from "./criterion.ts";
import { criteria } from "./criteria/index.ts";
import { decide } from "./decide.ts";
import type { Evidence } from "./evidence.ts";
import { contractAlone } from "./policy.ts";

const nothing: Evidence = {
  folder: "reports",
  chaos: [],
  performance: [],
  coverage: { file: "coverage.json", isThere: false, percent: null, findings: [] },
  findings: [],
  sources: [],
  marginalShare: 0.8,
  files: [],
};
const finding = (kind: FindingKind, name = "a"): Finding => ({
  kind,
  criteria: [name],
  reason: `${kind} ${name}`,
  file: "f.json",
  field: "/x",
  measured: "1",
  required: "2",
  command: "prism-chaos run x",
});
const criterion = (measured: string | null, ...kinds: readonly FindingKind[]): Criterion => ({
  summary: "",
  judge: () => ({ file: "f.json", measured, required: "2", findings: kinds.map((kind) => finding(kind)) }),
});
const of = (all: Readonly<Record<string, Criterion>>, evidence = nothing): ReturnType<typeof decide> =>
  decide(evidence, { criteria: all, policy: contractAlone, decidedAt: "2026-01-01T00:00:00Z" });

test.each<readonly [string, readonly FindingKind[], number, string, string]>([
  ["Nothing against it", [], 0, "GO", "PASS"],
  ["Something missing", ["inconclusive"], 11, "CONTINUE_VALIDATION", "INCONCLUSIVE"],
  ["A broken limit", ["broken"], 10, "NO_GO", "FAIL"],
  ["A broken limit beside something missing", ["inconclusive", "broken"], 10, "NO_GO", "FAIL"],
  ["Unusable evidence", ["unusable"], 12, "NO_GO", "UNUSABLE"],
  ["Unusable evidence beside all else", ["inconclusive", "broken", "unusable"], 12, "NO_GO", "UNUSABLE"],
])("%s is decided as it must be.", (_what, kinds, exitCode, recommendation, status) => {
  const decision = of({ a: criterion("1", ...kinds) });
  expect(decision).toMatchObject({ exit_code: exitCode, recommendation, criteria: [{ status }] });
  expect(decision.blocking_issues).toHaveLength(kinds.length);
});

test("No criterion at all is no GO, and neither is one that measured nothing and says nothing.", () => {
  expect(of({})).toMatchObject({ exit_code: 11, go_criteria_total: 0, readiness_percentage: 0 });
  expect(of({ a: criterion(null) })).toMatchObject({ exit_code: 11, criteria: [{ status: "INCONCLUSIVE" }] });
});

test("What counts against no criterion blocks all the same.", () => {
  const evidence = { ...nothing, findings: [{ ...finding("unusable"), criteria: [] }] };
  expect(of({ a: criterion("1") }, evidence)).toMatchObject({ exit_code: 12, go_criteria_met: 1 });
});

test("Readiness is the share that is met, never rounded up to all.", () => {
  const three = { a: criterion("1"), b: criterion("1"), c: criterion(null) };
  expect(of(three)).toMatchObject({ go_criteria_met: 2, go_criteria_total: 3, readiness_percentage: 66.66 });
});

test("On no evidence every criterion of the gate is inconclusive.", () => {
  const decision = of(criteria);
  expect(decision).toMatchObject({ exit_code: 11, go_criteria_met: 0, go_criteria_total: 9 });
  expect(new Set(decision.criteria.map(({ status }) => status))).toEqual(new Set(["INCONCLUSIVE"]));
});
