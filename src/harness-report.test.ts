import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { baseReport } from "../test/support/good-reports.ts";
import { chaosFile, seriesRecord } from "./core/contract.ts";
import { HarnessError } from "./core/harness-error.ts";
import { type Report, sealed } from "./core/report.ts";
import { reportFormats, reportRuns } from "./harness-report.ts";
import { runsAskedFor } from "./harness-lookup.ts";
import { headOf, type ReportedRun } from "./reporters/reported.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "report-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const base = baseReport();
const { scenario } = base.plan;

/** A sealed report of this id, in this series. */
function reportOf(id: string, more: Partial<Report["run"]> = {}): Report {
  const { seal: _seal, ...rest } = base;
  return sealed({ ...rest, run: { ...base.run, id, planned: 1, ...more } });
}

/** Writes a run's folder; without a report it was broken off. */
function writeRun(at: string, report: Report, state: "judged" | "broken-off" | "running" = "judged"): string {
  const place = join(folder, at, report.run.id);
  mkdirSync(place, { recursive: true });
  const { finishedAt: _finished, ...run } = report.run;
  const notes = state === "broken-off" ? ["n2 did not start"] : [];
  const files = { run: { version: 1, state, status: "unknown", run, notes }, plan: report.plan };
  for (const [name, file] of Object.entries({ ...files, ...(state === "judged" ? { report } : {}) })) {
    writeFileSync(join(place, `${name}.json`), JSON.stringify(file));
  }
  return place;
}

/** Writes the contract file of these reports. */
function writeContract(at: string, reports: readonly Report[], planned = reports.length): string {
  const file = join(folder, at, `chaos_${scenario.class}.json`);
  mkdirSync(join(folder, at), { recursive: true });
  const series = { scenario: scenario.name, series: reports[0]?.run.series ?? "s", planned, brokenOff: [], reports };
  writeFileSync(file, JSON.stringify(chaosFile(scenario.class, [seriesRecord(series)])));
  return file;
}

const idsOf = (runs: readonly ReportedRun[]): readonly string[] => runs.map((run) => `${headOf(run).run} ${run.kind}`);
const inFolder = (): readonly string[] => idsOf(runsAskedFor(folder, "reports").runs);

/** The code of the error that a call ends in. */
async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return "none";
  } catch (thrown) {
    return thrown instanceof HarnessError ? `${thrown.exitCode} ${thrown.code}` : String(thrown);
  }
}

test("A run that stands in a contract file and in a folder of its own is told once.", () => {
  const [first, second] = [reportOf("a", { series: "s", planned: 2 }), reportOf("b", { series: "s", planned: 2 })];
  writeContract("artifact", [first, second]);
  writeContract("copy", [first, second]);
  writeRun("artifact", first);
  expect(inFolder()).toEqual(["a judged", "b judged"]);
});

test("A run that was broken off is told, also where no contract file was written after it.", () => {
  writeContract("", [reportOf("a", { series: "s" })]);
  writeRun("", reportOf("b", { series: "later", startedAt: "2030-01-01T00:00:00Z" }), "broken-off");
  writeRun("", reportOf("c", { series: "later", startedAt: "2030-01-01T00:00:01Z" }), "running");
  const { runs } = runsAskedFor(folder, "reports");
  expect(runs.map((run) => (run.kind === "judged" ? run.kind : `${run.run}: ${run.how}, ${run.reason}`))).toEqual([
    "judged",
    "b: broken off, n2 did not start",
    "c: not ended, its folder has no report: it was killed, or goes on",
  ]);
});

test("A series of which not all planned runs were begun has one that says so; an older series of the folder is not told.", () => {
  writeContract("", [reportOf("a", { series: "s", planned: 5 })], 5);
  writeRun("", reportOf("old", { series: "older", startedAt: "2020-01-01T00:00:00Z" }));
  const { runs } = runsAskedFor(folder, "reports");
  expect(idsOf(runs)).toEqual(["a judged", "s unjudged"]);
  expect(runs[1]).toMatchObject({ how: "not begun", reason: "4 of 5 planned runs were not begun" });
});

test("Where every run of the latest series was broken off, an older one of the folder is not told in its place.", () => {
  const [now, old] = [
    reportOf("b", { series: "s" }),
    reportOf("old", { series: "o", startedAt: "2020-01-01T00:00:00Z" }),
  ];
  const brokenOff = [{ run: "b", variant: "kill", repetition: 1, reason: "why", reproduce: "again", expected: [] }];
  const series = { scenario: scenario.name, series: "s", planned: 1, brokenOff, reports: [] };
  const file = chaosFile(scenario.class, [seriesRecord(series)]);
  writeFileSync(join(folder, `chaos_${scenario.class}.json`), JSON.stringify(file));
  writeRun("", old);
  writeRun("", now, "broken-off");
  expect(inFolder()).toEqual(["b unjudged"]);
});

test("What was left behind stands in the run's folder, and is told of its report.", () => {
  const place = writeRun("", reportOf("a"));
  const stub = JSON.parse(readFileSync(join(place, "run.json"), "utf8")) as object;
  writeFileSync(join(place, "run.json"), JSON.stringify({ ...stub, notes: ["a process of n1"] }));
  expect(runsAskedFor(place, "reports").runs).toMatchObject([{ kind: "judged", residue: ["a process of n1"] }]);
});

test("A run is found by its folder, its report and its id, a class by its file.", () => {
  const report = reportOf("20261120-a");
  const place = writeRun("reports", report);
  const file = writeContract("reports", [report]);
  for (const asked of [place, join(place, "report.json"), file]) {
    expect(idsOf(runsAskedFor(asked, "reports").runs)).toEqual(["20261120-a judged"]);
  }
  expect(runsAskedFor("20261120-a", join(folder, "reports")).folder).toBe(place);
});

test.each<readonly [string, string, () => string]>([
  ["a run that is not there", "64 no-such-run", () => "20261120-none"],
  [
    "a file that tells of no runs",
    "64 no-runs-file",
    () => {
      writeFileSync(join(folder, "performance.json"), "{}");
      return join(folder, "performance.json");
    },
  ],
  [
    "an altered report",
    "12 unusable-evidence",
    () => {
      const report = reportOf("a");
      return writeRun("", { ...report, status: "fail" });
    },
  ],
  [
    "an altered contract file",
    "12 unusable-evidence",
    () => {
      const file = writeContract("", [reportOf("a")]);
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace('"recovery_successful":true', '"recovery_successful":false'),
      );
      return file;
    },
  ],
  [
    "an altered report in a file that was sealed again",
    "12 unusable-evidence",
    () => writeContract("", [{ ...reportOf("a"), status: "fail" }]),
  ],
  [
    "a report of an earlier version",
    "12 unusable-evidence",
    () => {
      const { source: _source, ...plan } = base.plan;
      return writeRun("", { ...reportOf("a"), plan } as Report);
    },
  ],
  [
    "two reports of one run that differ",
    "12 unusable-evidence",
    () => {
      writeContract("one", [reportOf("a")]);
      writeContract("two", [reportOf("a", { commit: "f".repeat(40) })]);
      return folder;
    },
  ],
])("Of %s nothing is told: %s.", async (_what, code, make) => {
  const asked = make();
  expect(await codeOf(() => reportRuns(asked, { format: "junit", output: undefined }))).toBe(code);
});

test("A report of an earlier version is refused with the field that it lacks.", async () => {
  const { source: _source, ...plan } = base.plan;
  const place = writeRun("", { ...reportOf("a"), plan } as Report);
  await expect(reportRuns(place, { format: "json", output: undefined })).rejects.toThrow(
    /\/plan\/source: there is no source/,
  );
});

test.each(reportFormats)("As %s no run is a document that says so, and exit 11.", async (format) => {
  const output = join(folder, "out", "document");
  const { exitCode } = await reportRuns(folder, { format, output });
  expect(exitCode).toBe(11);
  expect(readFileSync(output, "utf8")).toMatch(/no run was found/);
});

test.each(reportFormats)("As %s a run that was broken off is told as such.", async (format) => {
  const place = writeRun("", reportOf("a"), "broken-off");
  const { exitCode, text } = await reportRuns(place, { format, output: undefined });
  expect(exitCode).toBe(0);
  expect(text).toContain("n2 did not start");
  expect(text).toMatch(/<error|"other"|"aborted"|not judged|notJudged|NOT JUDGED/);
});

test("A format of one run refuses several, and names one; a page wants its history.", async () => {
  const file = writeContract("", [reportOf("a", { planned: 2 }), reportOf("b", { planned: 2 })]);
  for (const format of ["html", "chaostoolkit"] as const) {
    expect(await codeOf(() => reportRuns(file, { format, output: undefined }))).toBe("64 several-runs");
  }
  rmSync(file);
  const one = writeContract("", [reportOf("a")]);
  expect(await codeOf(() => reportRuns(one, { format: "html", output: undefined }))).toBe("64 no-history");
});

test("A page is not drawn from a history that is not the report's.", async () => {
  const place = writeRun("", reportOf("a"));
  writeFileSync(join(place, "history.ndjson"), "");
  await expect(reportRuns(place, { format: "html", output: undefined })).rejects.toThrow(
    /history\.ndjson: it is not the one/,
  );
});

test("A document that cannot be written is told with 69, and nothing stands in its place.", async () => {
  writeFileSync(join(folder, "file"), "");
  const output = join(folder, "file", "junit.xml");
  expect(await codeOf(() => reportRuns(folder, { format: "junit", output }))).toBe("69 not-written");
  expect(existsSync(output)).toBe(false);
});

test.each(reportFormats)(
  "A run that was broken off with half a character and no time in its run.json is told as %s.",
  async (format) => {
    const place = writeRun("reports", reportOf("one"), "broken-off");
    const stub = { version: 1, state: "broken-off", run: { ...base.run, planned: 1, startedAt: "<yesterday>" } };
    writeFileSync(join(place, "run.json"), JSON.stringify({ ...stub, notes: ["half \ud800 of one"] }));
    const { text, runs } = await reportRuns(place, { format, output: undefined });
    expect(runs[0]).toMatchObject({ startedAt: null, reason: "half \ufffd of one" });
    expect(text).toContain("half \ufffd of one");
    expect(text).not.toContain("yesterday");
  },
);

test("A run whose id was mistyped is told, also where five later ones are there.", () => {
  for (const day of [1, 2, 3, 4, 5, 6, 7])
    writeRun("reports", reportOf(`2026010${day}-leader-loss-kill-${"abcdefg"[day - 1]?.repeat(8)}`));
  const out = join(folder, "reports");
  expect(() => runsAskedFor("20260101-leader-loss-kill-aaaaaaax", out)).toThrow(
    /did you mean 20260101-leader-loss-kill-aaaaaaaa\?/,
  );
  expect(() => runsAskedFor("something-else-entirely-and-long-enough", out)).toThrow(
    /known: 20260103-[^,]*(, [^,]*){4}$/,
  );
});
