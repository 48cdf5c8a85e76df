import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { chaosFile, seriesRecord } from "../../src/core/contract.ts";
import { HarnessError } from "../../src/core/harness-error.ts";
import { planDigest } from "../../src/core/plan.ts";
import type { Report } from "../../src/core/report.ts";
import { timeMeasurement } from "../../src/core/track.ts";
import { compareRuns, saveBaseline } from "../../src/harness-compare.ts";
import { baseReport, judgedAgain } from "../support/good-reports.ts";
import { resealed } from "../support/report-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "compare-"));
afterAll(() => rmSync(folder, { recursive: true }));
const flags = { alpha: "0.05", effect: "10%", accept: [], columns: 160 };
let count = 0;

/** A report in which failover took so long; null: nobody took over in six seconds. */
function failedOver(report: Report, afterMs: number | null): Report {
  const measurements = report.measurements.map((one) => {
    const [track] = one.kind === "measured" && one.measure === "failover.time" ? (one.tracks ?? []) : [];
    if (track === undefined) return one;
    const atMs = track.from[0] + (afterMs ?? 6000);
    const looks = afterMs === null ? [[atMs, false] as const] : [[atMs - 2, false] as const, [atMs, true] as const];
    return timeMeasurement([{ ...track, looks }], { measure: one.measure, note: "a test's", samples: 9 });
  });
  return judgedAgain({ ...report, measurements });
}

/** A chaos file of as many runs as there are times. */
function runs(times: readonly (number | null)[], change: (report: Report) => Report = (report) => report): string {
  const base = baseReport();
  const name = base.plan.scenario.class;
  const reports = times.map((time, index) => {
    const { digest: _digest, ...plan } = { ...base.plan, repetition: index + 1, repetitions: times.length };
    const one = failedOver(
      {
        ...base,
        run: { ...base.run, planned: times.length, id: `run-${(count += 1)}` },
        plan: { ...plan, digest: planDigest(plan) },
      },
      time,
    );
    return resealed(change(one));
  });
  const [first] = reports;
  if (first === undefined) throw new Error("a test without a run");
  const file = join(folder, `chaos_${(count += 1)}.json`);
  const series = seriesRecord({
    scenario: first.plan.scenario.name,
    series: first.run.series,
    planned: times.length,
    brokenOff: [],
    reports,
  });
  writeFileSync(file, JSON.stringify(chaosFile(name, [series])));
  return file;
}

interface Row {
  readonly measure: string;
  readonly outcome: string;
  readonly shift: number | string;
  readonly needed: number | null;
}
const rowOf = (json: unknown, measure = "failover.time"): Row | undefined =>
  (json as { compared: readonly Row[] }).compared.find((one) => one.measure === measure);

const usual = [800, 820, 790, 805, 815, 830];

test("A failover that takes twice as long is a regression: exit 14, with the shift.", () => {
  const { exitCode, json, text } = compareRuns(runs(usual), runs(usual.map((ms) => ms * 2)), flags);
  expect(exitCode).toBe(14);
  expect(rowOf(json)).toMatchObject({ outcome: "worse" });
  expect(Number(rowOf(json)?.shift)).toBeGreaterThan(700);
  expect(text).toMatch(/leader-loss · kill +failover.time +810 ms \(n = 6\) +1.62 s \(n = 6\) +\+81\d ms +\S+ +WORSE/);
  expect(text.split("\n").at(-1)).toBe("exit 14 (regression)");
});

test("The same runs do not differ, half the time is better, and five percent more is no effect: exit 0.", () => {
  const same = compareRuns(runs(usual), runs(usual), flags);
  expect([same.exitCode, rowOf(same.json)?.outcome]).toEqual([0, "same"]);
  const better = compareRuns(runs(usual), runs(usual.map((ms) => ms / 2)), flags);
  expect([better.exitCode, rowOf(better.json)?.outcome]).toEqual([0, "better"]);
  const little = compareRuns(runs(usual), runs(usual.map((ms) => ms * 1.05)), flags);
  expect([little.exitCode, rowOf(little.json)?.outcome]).toEqual([0, "same"]);
});

test("Runs that never came to an end are worse than every time, and so is that they failed.", () => {
  const { exitCode, json } = compareRuns(runs(usual), runs(usual.map(() => null)), flags);
  expect(exitCode).toBe(14);
  expect(rowOf(json)).toMatchObject({ outcome: "worse", shift: "endless" });
  expect(rowOf(json, "passed")).toMatchObject({ outcome: "worse", shift: -1 });
});

test("Runs that are held against themselves show nothing: exit 11, not 0.", () => {
  const [base, other] = [runs(usual), runs(usual)];
  const itself = compareRuns(base, base, flags);
  expect(itself.exitCode).toBe(11);
  expect(itself.text).toContain("SAME RUNS  6 of head are in base, too");
  expect(compareRuns(base, other, flags).text).not.toContain("SAME RUNS");
});

test("What base has and head has not is told, also where head has other runs of that scenario: exit 11.", () => {
  const more = (report: Report): Report => replanned(report, { nodes: [...report.plan.nodes, "n9"] });
  const both = join(folder, `both-${(count += 1)}`);
  for (const [name, file] of [runs(usual), runs(usual, more)].entries()) {
    mkdirSync(join(both, String(name)), { recursive: true });
    copyFileSync(file, join(both, String(name), "chaos_leader_election_failure.json"));
  }
  const compared = compareRuns(both, runs(usual), flags);
  expect(compared.text).toContain("NOT COMPARED  leader-loss · kill: head has no such runs (nodes 4)");
  expect(compared.exitCode).toBe(11);
  expect(compareRuns(both, both, flags).text).not.toContain("NOT COMPARED");
});

test.each(["../evil", "release/1.4", "", "-x", "."])("A baseline cannot be called %j.", (name) => {
  expect(() => saveBaseline(runs(usual), { name, output: undefined })).toThrow(/^--name/);
});

test("A baseline's name that was mistyped is told with the right one.", () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    saveBaseline(runs(usual), { name: "main", output: undefined });
    expect(() => compareRuns("mian", runs(usual), flags)).toThrow(
      /there is no baseline.*"mian" \(did you mean main\?\)/,
    );
  } finally {
    process.chdir(before);
  }
});

test("Of too few runs nothing is said: exit 11, with how many it would take.", () => {
  const { exitCode, json, text } = compareRuns(
    runs(usual.slice(0, 3)),
    runs(usual.slice(0, 3).map((ms) => ms * 9)),
    flags,
  );
  expect([exitCode, rowOf(json)?.outcome]).toEqual([11, "too-few"]);
  const needed = rowOf(json)?.needed ?? 0;
  expect(needed).toBeGreaterThan(3);
  expect(text).toContain(`(${needed} on each side would do)`);
  const enough = [...usual, ...usual].slice(0, needed);
  const shown = compareRuns(runs(enough), runs(enough.map((ms) => ms * 9)), flags);
  expect(shown.exitCode).toBe(14);
});

test("Runs that were made otherwise are refused with what differs, unless that is accepted.", () => {
  const elsewhere = (report: Report): Report => ({
    ...report,
    run: { ...report.run, tool: { ...report.run.tool, platform: "linux arm64" } },
  });
  const [base, head] = [runs(usual), runs(usual, elsewhere)];
  const refused = compareRuns(base, head, flags);
  expect(refused.exitCode).toBe(12);
  expect(refused.text).toMatch(
    /UNLIKE {2}leader-loss · kill: platform was \S+ \S+ and is linux arm64\. Make them alike, or say --accept platform\./,
  );
  expect(compareRuns(base, head, { ...flags, accept: ["platform"] }).exitCode).toBe(0);
  expect(() => compareRuns(base, head, { ...flags, accept: ["platfrom"] })).toThrow(/did you mean platform\?/);
});

test.each<readonly [string, (report: Report) => Report]>([
  ["another defect", (report) => replanned(report, { target: { ...report.plan.target, defect: "stale-read" } })],
  ["more nodes", (report) => replanned(report, { nodes: [...report.plan.nodes, "n9"] })],
  ["another load", (report) => replanned(report, { workload: { ...report.plan.workload, thinkMs: 1 } })],
  ["another profile", (report) => replanned(report, { profile: "full" })],
  [
    "other faults",
    (report) =>
      replanned(report, {
        timeline: report.plan.timeline
          .slice(0, 1)
          .map((step) => ({ ...step, forMs: 1 }) as (typeof report.plan.timeline)[number]),
      }),
  ],
  ["another Node", (report) => ({ ...report, run: { ...report.run, tool: { ...report.run.tool, node: "v99.0.0" } } })],
])("Unlike is %s.", (_what, change) => {
  expect(compareRuns(runs(usual), runs(usual, change), flags).exitCode).toBe(12);
});

function replanned(report: Report, part: Partial<Report["plan"]>): Report {
  const { digest: _digest, ...plan } = { ...report.plan, ...part };
  return { ...report, plan: { ...plan, digest: planDigest(plan) } };
}

test("A baseline is kept by name, compared with as the runs themselves, and not believed when it was altered.", () => {
  const [base, slow] = [runs(usual), runs(usual.map((ms) => ms * 3))];
  const file = join(folder, "main.json");
  const saved = saveBaseline(base, { name: "main", output: file });
  expect([saved.exitCode, saved.text]).toEqual([0, expect.stringContaining("leader-loss · kill: 6 runs")]);
  expect(compareRuns(file, slow, flags).json).toEqual(compareRuns(base, slow, flags).json);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/"failover.time": ?8\d\d/, '"failover.time":9999'));
  expect(readFileSync(file, "utf8")).not.toBe(text);
  expect(() => compareRuns(file, slow, flags)).toThrow(expect.objectContaining({ exit: "unusable" }));
  writeFileSync(file, '{"baseline":"main"}');
  expect(() => compareRuns(file, slow, flags)).toThrow(expect.objectContaining({ exit: "unusable" }));
});

test("A folder without runs, a wrong number and a name that nobody knows are refused with what to do.", () => {
  expect(() => saveBaseline(join(folder, "nothing"), { name: "x", output: undefined })).toThrow(HarnessError);
  expect(() => compareRuns("nobody", runs(usual), flags)).toThrow(/there is no run, folder or file "nobody"/);
  for (const alpha of ["0", "1", "x", ""])
    expect(() => compareRuns(runs(usual), runs(usual), { ...flags, alpha })).toThrow(/--alpha/);
  expect(() => compareRuns(runs(usual), runs(usual), { ...flags, effect: "a lot" })).toThrow(/--effect/);
});
