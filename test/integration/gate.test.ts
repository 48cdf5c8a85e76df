import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Decision, Limits } from "../../src/core/decision.ts";
import { decisionOver, defaultLimits, gateJudges } from "../../src/harness-gate.ts";
import { policyOf } from "../../src/gates/policy.ts";
import { type Mutant, mutants } from "../support/gate-mutants.ts";
import { ReportFolder } from "../support/report-folder.ts";

const base = mkdtempSync(join(tmpdir(), "gate-"));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;

/** What the gate says of a folder, an hour after its runs ended unless said. */
async function decided(
  folder: ReportFolder,
  { limits = {}, afterMs = 3_600_000 }: { readonly limits?: Partial<Limits>; readonly afterMs?: number } = {},
): Promise<Decision> {
  count += 1;
  const root = join(base, String(count));
  folder.save(root);
  const policy = policyOf(defaultLimits);
  const nowMs = folder.finishedMs + afterMs;
  return decisionOver(
    { folder: join(root, "reports"), coverage: join(root, "coverage", "coverage.json") },
    { policy: { ...policy, limits: { ...policy.limits, ...limits } }, nowMs, ...gateJudges },
    new Date(nowMs).toISOString(),
  );
}

const kinds = { 10: "broken", 11: "inconclusive", 12: "unusable" } as const;

test("A folder in which every class passed is a GO.", async () => {
  const decision = await decided(new ReportFolder());
  expect(decision.blocking_issues).toEqual([]);
  expect(decision).toMatchObject({ recommendation: "GO", exit_code: 0, go_criteria_met: 9, go_criteria_total: 9 });
  expect(decision.readiness_percentage).toBe(100);
});

test("There are at least 60 mutants, each of its own name, of each exit code.", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(60);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  expect(new Set(mutants.map(({ exit }) => exit))).toEqual(new Set([10, 11, 12]));
});

describe("Blocked, with the file and the field:", () => {
  test.each(mutants.map((mutant): readonly [string, Mutant] => [mutant.name, mutant]))("%s.", async (_name, mutant) => {
    const { exit, file, field, change } = mutant;
    const decision = await decided(change(new ReportFolder()), mutant);
    expect(decision.exit_code, JSON.stringify(decision.blocking_issues)).toBe(exit);
    expect(decision.recommendation).toBe(exit === 11 ? "CONTINUE_VALIDATION" : "NO_GO");
    const same = decision.blocking_issues.filter((one) => one.kind === kinds[exit] && one.file.endsWith(`/${file}`));
    expect(same.map((one) => one.field).filter((one) => (field === "" ? one === "" : one.startsWith(field)))).not.toEqual([]);
    for (const issue of decision.blocking_issues) {
      expect([issue.reason, issue.measured, issue.required, issue.command]).not.toContain("");
    }
  });
});
