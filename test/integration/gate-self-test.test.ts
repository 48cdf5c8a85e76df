import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Decision } from "../../src/core/decision.ts";
import { selfTest } from "../../src/gates/self-test/self-test.ts";
import { noFlags } from "../../src/gates/policy.ts";
import type { GateFlags } from "../../src/harness-gate.ts";
import { selfTestGate, sampleSubject } from "../../src/harness-selftest.ts";

const empty = mkdtempSync(join(tmpdir(), "self-test-"));
afterAll(() => rmSync(empty, { recursive: true }));
const flags: GateFlags = {
  ...noFlags,
  coverage: join(empty, "coverage.json"),
  policy: undefined,
  plan: undefined,
  decision: undefined,
  columns: 100,
};

test("Every mutant of the sample is blocked for what is wrong with it: more than a hundred kinds, told by kind.", async () => {
  const { exitCode, text, json } = await selfTestGate(empty, flags);
  const { kinds, survivors } = json as {
    kinds: { kind: string; mutants: number; blocked: number }[];
    survivors: object[];
  };
  expect(survivors).toEqual([]);
  expect(exitCode).toBe(0);
  expect(kinds.length).toBeGreaterThanOrEqual(100);
  expect(kinds.filter(({ mutants, blocked }) => mutants === 0 || blocked !== mutants)).toEqual([]);
  const mutants = kinds.reduce((sum, one) => sum + one.mutants, 0);
  expect(text.split("\n").at(-1)).toBe(`${mutants} of ${mutants} mutants of ${kinds.length} kinds were blocked`);
  for (const { kind } of kinds) expect(text).toContain(kind);
}, 300_000);

const decision = (part: Partial<Decision>): Decision => ({
  version: 1,
  recommendation: "GO",
  exit_code: 0,
  decided_at: "",
  go_criteria_met: 0,
  go_criteria_total: 0,
  readiness_percentage: 0,
  limits: { coverage_threshold: 95, failover_sla_ms: 1, p2p_connection_sla_ms: 1, conflict_resolution_sla_ms: 1 },
  policy: null,
  criteria: [],
  no_go_triggers: [],
  blocking_issues: [],
  waived_issues: [],
  warnings: [],
  files: [],
  ...part,
});

test("A gate that lets everything pass, one that blocks for another reason, and one that never says GO, do not pass their self-test.", async () => {
  const subject = await sampleSubject();
  const lenient = selfTest(subject, () => decision({}));
  expect(lenient.isBaseGo).toBe(true);
  expect(lenient.kinds.every(({ blocked }) => blocked === 0)).toBe(true);
  const vague = selfTest(subject, (one) =>
    one === subject ? decision({}) : decision({ recommendation: "NO_GO", exit_code: 12 }),
  );
  expect(vague.survivors.length).toBe(vague.kinds.reduce((sum, { mutants }) => sum + mutants, 0));
  expect(selfTest(subject, () => decision({ recommendation: "NO_GO", exit_code: 12 }))).toEqual({
    isBaseGo: false,
    kinds: [],
    survivors: [],
  });
});
