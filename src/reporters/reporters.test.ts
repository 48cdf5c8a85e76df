import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Measurement } from "../core/measurement.ts";
import { planDigest } from "../core/plan.ts";
import { isSealIntact, type Report, reportVersion, sealed } from "../core/report.ts";
import type { RunOutcome } from "../core/run-outcome.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { runSummary } from "./console.ts";
import { seriesSummary } from "./series-summary.ts";
import type { ChaosFile, PerformanceFile } from "../core/contract.ts";
import { chaosValidator, performanceValidator } from "../core/contract-schema.ts";
import { writeContractFiles } from "./contract.ts";
import { htmlReport } from "./html.ts";

const base = mkdtempSync(join(tmpdir(), "reporters-"));
afterAll(() => rmSync(base, { recursive: true }));

const limit = { text: "failover.time < 5s", measure: "failover.time", comparator: "<", limit: 5000 } as const;
const recovery = { text: "recovery.time <= 5s", measure: "recovery.time", comparator: "<=", limit: 5000 } as const;
const measured = (measure: string, high: number): Measurement => ({
  kind: "measured",
  measure,
  unit: "ms",
  low: high - 10,
  high,
  resolutionMs: 10,
  samples: 1,
  note: "",
});
const beyond: Measurement = { kind: "beyond", measure: "failover.time", unit: "ms", atLeast: 9000, note: "" };
const gone: Measurement = { kind: "beyond", measure: "recovery.time", unit: "ms", atLeast: 30_000, note: "" };

function report(
  parts: Partial<Report> & {
    readonly id?: string;
    readonly series?: string;
    readonly at?: string;
    readonly planned?: number;
  } = {},
): Report {
  const { id = "r1", series = "s1", at = "2026-01-01T00:00:00Z", planned = 1, ...changed } = parts;
  const { plan: made } = evidenced(historyOf([]), { checks: ["linearizable"], expectations: [limit, recovery] });
  const plan = { ...made, digest: planDigest(made) };
  return sealed({
    version: reportVersion,
    historyDigest: null,
    run: {
      id,
      series,
      planned,
      startedAt: at,
      finishedAt: at,
      reproduce: "prism-chaos run s",
      tool: { version: "1", node: "v24", platform: "x" },
      commit: null,
      attempt: null,
      proxy: { kind: "builtin", by: "builtin" },
    },
    plan,
    status: "pass",
    measurements: [measured("failover.time", 1500), measured("recovery.time", 800)],
    verdicts: [
      { check: "linearizable", status: "pass", evidence: [{ text: "5 keys" }] },
      { check: limit.text, status: "pass", evidence: [{ text: "1500" }] },
      { check: recovery.text, status: "pass", evidence: [{ text: "800" }] },
    ],
    traffic: { ok: 10, fail: 0, info: 0, okDuringFaults: 4 },
    faults: [
      {
        fault: "kill",
        startedMs: 1,
        injectedMs: 2,
        observed: true,
        healStartedMs: 5,
        healedMs: 6,
        cast: { lost: ["n1"] },
      },
    ],
    ...changed,
  });
}

/** Stores a run as `run` leaves it, and gives its outcome. */
function stored(out: string, one: Report): Extract<RunOutcome, { kind: "judged" }> {
  const folder = join(out, one.run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "run.json"), JSON.stringify({ run: one.run }));
  writeFileSync(join(folder, "plan.json"), JSON.stringify(one.plan));
  writeFileSync(join(folder, "report.json"), JSON.stringify(one));
  return { kind: "judged", folder, report: one, residue: [] };
}

/** The contract files over these runs, after one more that was broken off if wanted. */
async function contract(reports: readonly Report[], brokenOff = false): Promise<readonly [ChaosFile, PerformanceFile]> {
  const out = mkdtempSync(join(base, "out-"));
  for (const one of reports) stored(out, one);
  const [first] = reports;
  if (brokenOff && first !== undefined) {
    const { folder } = stored(out, { ...first, run: { ...first.run, id: "b" } });
    rmSync(join(folder, "report.json"));
    const run = { ...first.run, id: "b" };
    writeFileSync(join(folder, "run.json"), JSON.stringify({ state: "broken-off", notes: ["no nodes"], run }));
  }
  await writeContractFiles(out);
  expect(readdirSync(out).filter((name) => name.includes("lock") || name.endsWith(".tmp"))).toEqual([]);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(out, name), "utf8"));
  const [chaos, performance] = [read("chaos_leader_election_failure.json"), read("performance.json")];
  if (!chaosValidator()(chaos)) throw new Error(JSON.stringify(chaosValidator().errors));
  if (!performanceValidator()(performance)) throw new Error(JSON.stringify(performanceValidator().errors));
  expect([isSealIntact(chaos), isSealIntact(performance)]).toEqual([true, true]);
  return [chaos, performance];
}

test("The contract files have the worst failover in seconds, and whether every run recovered.", async () => {
  const slower = report({
    id: "r2",
    planned: 2,
    measurements: [measured("failover.time", 2500), measured("recovery.time", 900)],
  });
  const [chaos, performance] = await contract([report({ planned: 2 }), slower]);
  expect(chaos).toMatchObject({ recovery_successful: true, class: "leader_election_failure" });
  expect(chaos.series).toMatchObject([{ scenario: "s", series: "s1", planned: 2, brokenOff: [] }]);
  expect(chaos.series[0]?.reports).toHaveLength(2);
  expect(performance.failover_time).toBe(2.5);
  expect(performance.rests_on.failover_time.map(({ run }) => run)).toEqual(["r1", "r2"]);
});

test("Several scenarios of one class do not hide each other.", async () => {
  const one = report();
  const { digest: _digest, ...plan } = { ...one.plan, scenario: { ...one.plan.scenario, name: "other" } };
  const measurements = [measured("failover.time", 3000), gone];
  const other = report({ id: "o1", series: "o", plan: { ...plan, digest: planDigest(plan) }, measurements });
  const [chaos, performance] = await contract([one, other]);
  expect(chaos.series.map(({ scenario }) => scenario).sort()).toEqual(["other", "s"]);
  expect(chaos.recovery_successful).toBe(false);
  expect(performance.failover_time).toBe(3);
});

test("A series that was cut short did not recover, and says how many were planned.", async () => {
  const [chaos] = await contract([report({ planned: 3 })]);
  expect(chaos).toMatchObject({ recovery_successful: false, series: [{ planned: 3, runs: [{ isRecovered: true }] }] });
});

test("A run that was broken off is named with its reason and its command.", async () => {
  const [chaos, performance] = await contract([report({ planned: 2 })], true);
  const reason = "broken off: no nodes";
  expect(chaos.series[0]?.brokenOff).toMatchObject([{ run: "b", reason, reproduce: "prism-chaos run s" }]);
  expect(performance.failover_time_reason).toBe("1 of 2 runs that should have measured it did not");
});

test("What was not measured is absent with the reason, never 0.", async () => {
  const [, performance] = await contract([report()]);
  expect(performance).not.toHaveProperty("p2p_connection_time");
  expect(performance.p2p_connection_time_reason).toMatch(/no run/);
});

test("A good run never hides a bad one: one that did not fail over takes the field away, with the reason.", async () => {
  const bad = report({ id: "r2", measurements: [beyond, measured("recovery.time", 900)] });
  const [, performance] = await contract([report(), bad]);
  expect(performance).not.toHaveProperty("failover_time");
  expect(performance.failover_time_reason).toBe("1 of 2 runs that should have measured it did not");
});

test.each([
  ["did not recover", [report({ measurements: [measured("failover.time", 1), gone] })], false],
  ["measured no recovery", [report({ measurements: [measured("failover.time", 1)] })], false],
  ["was broken off", [report()], true],
] as const)("A series with a run that %s did not recover.", async (_what, reports, brokenOff) => {
  const [chaos] = await contract(reports, brokenOff);
  expect(chaos.recovery_successful).toBe(false);
});

test("A recovery that broke its limit is none, although it was measured.", async () => {
  const verdicts = report().verdicts.map((verdict) =>
    verdict.check === recovery.text ? ({ ...verdict, status: "fail", evidence: [{ text: "9 s" }] } as const) : verdict,
  );
  const [chaos] = await contract([report({ verdicts })]);
  expect(chaos.recovery_successful).toBe(false);
});

test("Performance looks at the latest series of a scenario alone.", async () => {
  const old = report({
    id: "old",
    series: "s0",
    at: "2025-01-01T00:00:00Z",
    measurements: [measured("failover.time", 9000)],
  });
  const [, performance] = await contract([old, report()]);
  expect(performance.failover_time).toBe(1.5);
});

test("The page says the verdict, loads nothing, runs no script, and escapes what the system under test said.", () => {
  const evil = '<script>alert("x")</script>';
  const page = htmlReport(
    report({ status: "fail", verdicts: [{ check: "linearizable", status: "fail", evidence: [{ text: evil }] }] }),
    historyOf([{ kind: "write", at: [1, 2], value: "v" }]),
  );
  expect(page).toContain("FAIL");
  expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  expect(page).not.toMatch(/<script|https?:\/\/|src=/);
  expect(page).toContain("prism-chaos run s");
});

test.each([
  [null, "none"],
  [{ kind: "builtin", by: "builtin" }, "through the built-in proxy"],
  [{ kind: "toxiproxy", by: "binary" }, "through a real Toxiproxy, started for the run (toxiproxy-server)"],
  [{ kind: "toxiproxy", by: "container" }, "through a real Toxiproxy, started for the run in a container"],
  [{ kind: "toxiproxy", by: "url" }, "through a real Toxiproxy that was there already"],
] as const)("The page says of the proxy %o what it was: %s.", (proxy, said) => {
  const made = report();
  const page = htmlReport({ ...made, run: { ...made.run, proxy } }, historyOf([]));
  expect(page).toContain(`<dt>Links</dt><dd>${said}</dd>`);
});

test("A page of a history without a single event still reads.", () => {
  expect(htmlReport(report({ faults: [], measurements: [], verdicts: [] }), historyOf([]))).toContain("</html>");
});

test("The summary of a series counts what was planned and not judged, and says what so few repetitions show.", () => {
  const text = seriesSummary({
    reports: [report()],
    planned: 2,
    columns: Infinity,
    folders: { r1: "reports/r1" },
    scenario: "s",
  });
  expect(text).toMatch(/failover\.time +1\.50 s +< 5\.00 s +70 % +1 +PASS/);
  expect(text).toContain("1 of 2 runs were not judged.");
  expect(text).toContain("report  reports/r1/report.html\nagain   prism-chaos run s");
  expect(text).toContain("at least 5 % of such runs pass; a p95 would take 59 repetitions");
  expect(
    seriesSummary({ reports: [], planned: 1, columns: Infinity, folders: { r1: "reports/r1" }, scenario: "s" }),
  ).toContain("1 of 1 runs were not judged.");
});

test("A value that is missing in one repetition is not averaged away.", () => {
  const text = seriesSummary({
    reports: [report(), report({ measurements: [beyond] })],
    planned: 2,
    columns: Infinity,
    folders: {},
    scenario: "s",
  });
  expect(text).toContain("1 of 2 measured");
});

test("The summary of a run tells every criterion that does not hold, with its evidence or its reason.", () => {
  const summary = runSummary(
    report({
      status: "fail",
      verdicts: [
        { check: "linearizable", status: "fail", evidence: [{ text: "read 7 saw nothing" }] },
        { check: "at-risk", status: "unknown", reason: "nothing was at risk", evidence: [] },
      ],
    }),
    { folder: "reports/r1", reproduce: "again", columns: Infinity },
  );
  expect(summary).toMatch(/FAIL linearizable\s+read 7 saw nothing/);
  expect(summary).toContain("at-risk: nothing was at risk");
  expect(summary).toContain("reports/r1/report.html");
});
