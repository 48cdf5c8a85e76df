import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { brokenOffRun, goodRun, repeated, slowRun, unknownRun } from "../test/support/reported-runs.ts";
import type { GithubStep } from "./core/environment.ts";
import { type Told, tellGithub } from "./harness-github.ts";

const folder = mkdtempSync(join(tmpdir(), "github-"));
afterAll(() => rmSync(folder, { recursive: true }));
const summaryFile = join(folder, "summary.md");
beforeEach(() => writeFileSync(summaryFile, ""));
afterEach(() => vi.unstubAllEnvs());

const step: GithubStep = { isActions: true, summaryFile, workspace: null };
const mib = 1024 * 1024;

/** What is written to the log. */
function tell(told: Told, more: Partial<GithubStep> = {}, annotates = true): string {
  let text = "";
  tellGithub(told, { write: (piece) => void (text += piece), annotates, step: { ...step, ...more } });
  return text;
}

const summary = (): string => readFileSync(summaryFile, "utf8");
const { source } = slowRun().report.plan;

test("Outside of a step nothing is told, and of a good run only the summary.", () => {
  expect(tell({ runs: [slowRun()] }, { isActions: false, summaryFile: null })).toBe("");
  expect(tell({ runs: [goodRun()] })).toBe("");
  expect(summary()).toMatch(/^\*\*PASS\*\*: 1 of 1 runs passed/);
});

test("A remark stands on the file from the repository's root; one of no file there has its place in words.", () => {
  const line = source.lines["failover.time < 5s"];
  expect(tell({ runs: [slowRun()] })).toContain(`::error file=${source.file},line=${line},title=`);
  expect(tell({ runs: [slowRun()] }, { workspace: join(process.cwd(), "..") })).toMatch(
    /::error file=[^,/]+\/src\/scenarios\//,
  );
  expect(tell({ runs: [slowRun()] }, { workspace: folder })).toContain(`::${source.file}:${line}: measured`);
  const { report } = slowRun();
  const elsewhere = { ...report, plan: { ...report.plan, source: { ...source, file: "catalogue/leader-loss.yaml" } } };
  expect(tell({ runs: [{ kind: "judged", report: elsewhere, residue: [] }] })).toMatch(
    /^::error title=[^\n]*::catalogue\/leader-loss\.yaml:/,
  );
});

test("The last remark says what came of all, and a command that only converts makes none.", () => {
  const runs = [slowRun(), repeated(unknownRun(), 2), brokenOffRun()];
  expect(tell({ runs }).trim().split("\n").at(-1)).toBe(
    "::error title=prism-chaos::FAIL: 0 of 3 runs passed; 1 broken, 1 not shown, 1 not judged.",
  );
  expect(tell({ runs }, {}, false)).toBe("");
});

test("A secret of the environment that a run tells of is neither in the summary nor in a remark.", () => {
  vi.stubEnv("DEPLOY_TOKEN", "s3ntinel|token");
  const log = tell({ runs: [unknownRun("the node said s3ntinel|token")] });
  expect(log).toContain("the node said ‹secret›");
  expect(summary()).toContain("the node said ‹secret›");
  expect(log + summary()).not.toContain("s3ntinel");
});

test("A summary is appended to what stands there, and with it never longer than a step's may be.", () => {
  const many = Array.from({ length: 3000 }, (_, index) => repeated(unknownRun(`reason ${index}`), index + 1, 3000));
  writeFileSync(summaryFile, "# Before");
  tell({ runs: many });
  expect(summary()).toMatch(/^# Before\n\*\*UNKNOWN\*\*/);
  expect(summary()).toContain("omitted");
  expect(Buffer.byteLength(summary())).toBeLessThanOrEqual(64 * 1024 + 9);
  writeFileSync(summaryFile, "x".repeat(mib - 10_000));
  tell({ runs: many });
  expect(Buffer.byteLength(summary())).toBeLessThanOrEqual(mib);
  expect(Buffer.byteLength(summary())).toBeGreaterThan(mib - 10_000);
});

test("Where there is no room, or it cannot be written, that is told and nothing else changes.", () => {
  writeFileSync(summaryFile, "x".repeat(mib - 100));
  expect(tell({ runs: [goodRun()] })).toMatch(/^prism-chaos: no step summary was written: 1048476 bytes stand in it/);
  expect(summary()).toHaveLength(mib - 100);
  const told = tell({ runs: [slowRun()] }, { summaryFile: folder });
  expect(told).toMatch(/^prism-chaos: no step summary was written: [^\n]*EISDIR/);
  expect(told).toContain("::error file=");
});
