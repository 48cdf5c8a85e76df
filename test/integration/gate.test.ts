import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { performanceFile } from "../../src/core/contract.ts";
import type { Decision, Limits } from "../../src/core/decision.ts";
import { decisionOver, gateJudges } from "../../src/harness-gate.ts";
import { contractAlone } from "../../src/gates/policy.ts";
import { chaosClasses } from "../../src/core/scenario.ts";
import { type Mutant, mutants } from "../support/gate-mutants.ts";
import { baseReport, goodReports, reportFixtures } from "../support/good-reports.ts";
import { fileOf, ReportFolder } from "../support/report-folder.ts";

const base = mkdtempSync(join(tmpdir(), "gate-"));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;

interface Deciding {
  readonly limits?: Partial<Limits>;
  readonly afterMs?: number;
  /** Does more to the folder on disk. */
  readonly after?: (root: string) => void;
}

/** What the gate says of a folder, an hour after its runs ended unless said. */
async function decided(
  folder: ReportFolder,
  { limits = {}, afterMs = 3_600_000, after }: Deciding = {},
): Promise<Decision> {
  count += 1;
  const root = join(base, String(count));
  folder.save(root);
  after?.(root);
  const policy = contractAlone;
  const nowMs = folder.finishedMs + afterMs;
  return decisionOver(
    { folder: join(root, "reports"), coverage: join(root, "coverage", "coverage.json"), plan: null },
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

test.each([
  ["failover_sla_ms", "failover_time"],
  ["p2p_connection_sla_ms", "p2p_connection_time"],
  ["conflict_resolution_sla_ms", "conflict_resolution_time"],
] as const)("A time that is equal to its limit passes: %s.", async (limit, field) => {
  const { performance } = goodReports(baseReport());
  const limitMs = Math.round((performance[field] ?? 0) * 1e6) / 1000;
  expect(limitMs).toBeGreaterThan(0);
  expect(await decided(new ReportFolder(), { limits: { [limit]: limitMs } })).toMatchObject({ exit_code: 0 });
});

test("Coverage that is equal to its threshold passes, and a report is fresh until the end of its day.", async () => {
  const limits = { coverage_threshold: 96.4 };
  expect(await decided(new ReportFolder(), { limits, afterMs: 24 * 3_600_000 })).toMatchObject({ exit_code: 0 });
});

test("Artifacts in folders of their own, and the same run in two files alike, are a GO.", async () => {
  const folder = new ReportFolder();
  const good = goodReports(baseReport());
  for (const name of chaosClasses) {
    const file = good.chaos[name];
    folder.drop(fileOf(name)).write(`reports/${name}/chaos_${name}.json`, JSON.stringify(file));
    folder.write(`reports/${name}/performance.json`, JSON.stringify(performanceFile([file])));
    folder.write(`reports/again/chaos_${name}.json`, JSON.stringify(file));
  }
  const decision = await decided(folder.drop("reports/performance.json"));
  expect(decision.blocking_issues).toEqual([]);
  expect(decision.files).toHaveLength(16);
});

test("A time that rests on a report which cannot be believed is not believed either.", async () => {
  const file = "reports/chaos_cascading_failure.json";
  const { criteria } = await decided(new ReportFolder().set(file, "/series/0/reports/0/traffic/ok", 1));
  const statuses = Object.fromEntries(criteria.map(({ criterion, status }) => [criterion, status]));
  expect(statuses).toMatchObject({
    cascading_failure: "UNUSABLE",
    p2p_connection_time: "UNUSABLE",
    failover_time: "PASS",
  });
});

test("A decision from before, and files of packages and runs, are no evidence.", async () => {
  const folder = new ReportFolder()
    .write("reports/decision.json", "{")
    .write("reports/node_modules/x/chaos_data_corruption.json", "{")
    .write("reports/.cache/performance.json", "{")
    .write("reports/a-run/run.json", "{}")
    .write("reports/a-run/data/performance.json", "{");
  expect(await decided(folder)).toMatchObject({ exit_code: 0 });
});

test("A run.json that strayed beside reports does not hide them.", async () => {
  const file = "reports/again/chaos_data_corruption.json";
  const folder = new ReportFolder()
    .copy("reports/chaos_data_corruption.json", file)
    .write("reports/again/run.json", "{}");
  expect(await decided(folder.set(file, "/recovery_successful", false))).toMatchObject({
    exit_code: 11,
    blocking_issues: [
      {
        file: expect.stringMatching(/reports.again$/),
        measured: "a run.json stands beside chaos_data_corruption.json",
      },
    ],
  });
});

test("A link is not read: what it stands for may be anything.", async () => {
  const folder = new ReportFolder().drop("reports/chaos_data_corruption.json");
  const linked = await decided(folder, {
    after: (root) => symlinkSync("/dev/null", join(root, "reports", "chaos_data_corruption.json")),
  });
  expect(linked.exit_code).toBe(12);
  expect(linked.blocking_issues).toMatchObject([{ measured: "it is a link", criteria: ["data_corruption"] }]);
});

test("Where several hold all are told, the worst first, and the code is the first of 12, 10, 11.", async () => {
  const worse = new ReportFolder().drop("reports/chaos_data_corruption.json");
  const of = async (folder: ReportFolder): Promise<readonly [number, string]> => {
    const { exit_code: code, blocking_issues: issues } = await decided(folder);
    return [code, [...new Set(issues.map(({ kind }) => kind))].join(" ")];
  };
  expect(await of(worse)).toEqual([11, "inconclusive"]);
  worse.set("coverage/coverage.json", "/summary/line_coverage", 90);
  expect(await of(worse)).toEqual([10, "broken inconclusive"]);
  worse.write("reports/chaos_network_partition.json", "{");
  expect(await of(worse)).toEqual([12, "unusable broken inconclusive"]);
});

test("The fixture is what the project's functions make of its base today; `node scripts/write-report-fixtures.ts` writes it.", () => {
  const { chaos, performance, coverage } = goodReports(baseReport());
  const files = {
    ...Object.fromEntries(chaosClasses.map((name) => [`chaos_${name}`, chaos[name]])),
    performance,
    coverage,
  };
  for (const [name, file] of Object.entries(files)) {
    expect(JSON.parse(readFileSync(join(reportFixtures, "good", `${name}.json`), "utf8"))).toEqual(file);
  }
});

test("Whatever one value of a sealed file is changed to, it is unusable.", async () => {
  const found: number[] = [];
  for (const file of ["reports/chaos_cascading_failure.json", "reports/performance.json"]) {
    for (const [pointer, value] of leaves(JSON.parse(new ReportFolder().text(file)))) {
      const { exit_code: code } = await decided(new ReportFolder().set(file, pointer, otherThan(value)));
      expect([pointer, code]).toEqual([pointer, 12]);
      found.push(code);
    }
  }
  expect(found.length).toBeGreaterThan(300);
}, 300_000);

/** Every value in a document that holds no other one, with its pointer. */
function leaves(value: unknown, at = ""): readonly (readonly [pointer: string, value: unknown])[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return inner.length === 0 ? [[at, value]] : inner.flatMap(([key, one]) => leaves(one, `${at}/${key}`));
}

function otherThan(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return value.replace(/.$/, (last) => (last === "0" ? "1" : "0")) || "x";
  if (typeof value === "boolean") return !value;
  return value === null ? 1 : null;
}

test("There are at least 60 mutants, each of its own name, of each exit code.", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(60);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  expect(new Set(mutants.map(({ exit }) => exit))).toEqual(new Set([10, 11, 12]));
});

describe("Blocked, with the file and the field:", () => {
  test.each(mutants.map((mutant): readonly [string, Mutant] => [mutant.name, mutant]))("%s.", async (_name, mutant) => {
    const { exit, file, field, change } = mutant;
    const decision = await decided(change(new ReportFolder()), mutant);
    const recommendation = exit === 11 ? "CONTINUE_VALIDATION" : "NO_GO";
    expect(decision).toMatchObject({ exit_code: exit, recommendation });
    const same = decision.blocking_issues.filter((one) => one.kind === kinds[exit] && one.file.endsWith(`/${file}`));
    expect(
      same.map((one) => one.field).filter((one) => (field === "" ? one === "" : one.startsWith(field))),
    ).not.toEqual([]);
    for (const issue of decision.blocking_issues) {
      expect([issue.reason, issue.measured, issue.required, issue.command]).not.toContain("");
    }
  });
});
