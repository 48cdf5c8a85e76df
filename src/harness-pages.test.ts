import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { HarnessError } from "./core/harness-error.ts";
import { type Report, reportVersion } from "./core/report.ts";
import { aRun } from "./core/testing/a-run.ts";
import { evidenced, historyOf, phaseAt } from "./core/testing/history-of.ts";
import { seriesPages } from "./harness-pages.ts";

const base = mkdtempSync(join(tmpdir(), "pages-"));
afterAll(() => rmSync(base, { recursive: true }));

const history = historyOf([{ kind: "write", value: "v", at: [1, 2] }], [phaseAt("warm-up", 0)]);
const { plan } = evidenced(history);

function report(id: string, repetition: number): Report {
  return {
    version: reportVersion,
    seal: "",
    historyDigest: null,
    run: { ...aRun, id, planned: 3, finishedAt: aRun.startedAt },
    plan: { ...plan, repetition, repetitions: 3 },
    status: "pass",
    measurements: [],
    verdicts: [],
    traffic: { ok: 1, fail: 0, info: 0, okDuringFaults: 0 },
    faults: [],
  };
}

/** A series with a folder for its runs, and what it told. */
function opened() {
  const folder = (name: string): string => {
    const path = join(out, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const out = mkdtempSync(join(base, "out-"));
  const told: string[] = [];
  return { pages: seriesPages((problem) => told.push(problem)), told, folder };
}

const pageIn = (folder: string): string => readFileSync(join(folder, "report.html"), "utf8");
const thrown = new HarnessError("the proxy went away", { code: "x", exit: "unavailable", next: "start it again" });
const brokenOff = (folder: string, error: Error = thrown) =>
  ({ kind: "broken-off", folder, plan, run: aRun, thrown: error, reproduce: "again" }) as const;

test("At the end of a series each page tells of all its runs, and nothing else of it has changed.", () => {
  const { pages, told, folder } = opened();
  const outcomes = [1, 2].map((repetition) => {
    const one = report(`r${repetition}`, repetition);
    pages.judged(one, folder(one.run.id), history);
    return { kind: "judged", folder: folder(one.run.id), report: one, residue: [] } as const;
  });
  const before = pageIn(folder("r1"));
  expect(before).not.toContain("No. 2");
  pages.finish(outcomes);
  expect(pageIn(folder("r1"))).toContain("No. 2");
  expect(pageIn(folder("r1"))).toContain("1 of 3 planned runs are not judged");
  const rest = (page: string): string => page.replace(/<!-- series -->.*<!-- \/series -->/s, "");
  expect(rest(pageIn(folder("r1")))).toBe(rest(before));
  expect(readdirSync(folder("r1")).sort()).toEqual(["report.html", "report.json"]);
  expect(told).toEqual([]);
});

test("A page that cannot be written is told, and its report stands all the same.", () => {
  const { pages, told, folder } = opened();
  mkdirSync(join(folder("r1"), "report.html"));
  pages.judged(report("r1", 1), folder("r1"), history);
  expect(told).toEqual([expect.stringContaining("report.html could not be written")]);
  expect(JSON.parse(readFileSync(join(folder("r1"), "report.json"), "utf8"))).toMatchObject({ status: "pass" });
});

test("A run that was broken off has a page of what was recorded until then, with the reason and what to do.", async () => {
  const { pages, told, folder } = opened();
  const lines = [...history.events()].map((event) => JSON.stringify(event));
  writeFileSync(join(folder("b"), "history.ndjson"), `${lines.join("\n")}\n{"type":"op.in`);
  await pages.brokenOff(brokenOff(folder("b")));
  for (const said of ["the proxy went away", "start it again", "in the phase warm-up", "1 operations acknowledged"]) {
    expect(pageIn(folder("b"))).toContain(said);
  }
  expect(told).toEqual([]);
});

test.each([
  ["no history", null],
  ["a history that cannot be read", "no\nhistory\n"],
])("A run that was broken off with %s has a page that says so.", async (_what, text) => {
  const { pages, folder } = opened();
  if (text !== null) writeFileSync(join(folder("b"), "history.ndjson"), text);
  await pages.brokenOff(brokenOff(folder("b"), new Error("interrupted")));
  expect(pageIn(folder("b"))).toContain("Nothing was recorded");
  expect(pageIn(folder("b"))).toContain("interrupted");
});

test("What could not be healed stands on the page.", async () => {
  const { pages, folder } = opened();
  const left = new HarnessError("n1 is still stalled", { code: "x", exit: "residue", next: "prism-chaos heal" });
  await pages.brokenOff(brokenOff(folder("b"), left));
  expect(pageIn(folder("b"))).toContain("Not wholly: n1 is still stalled");
});
