import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chaosFile, performanceFile, seriesRecord } from "../src/core/contract.ts";
import { planDigest } from "../src/core/plan.ts";
import { type Report, sealed } from "../src/core/report.ts";
import { baseReport, goodReports } from "../test/support/good-reports.ts";
import { median, nowMs } from "./figures.ts";

/**
 * How long `gate` takes over many reports, as a process of its own, beside what only reading and parsing their JSON takes in one: rounds of
 * both, one after the other, so that a busy machine is busy for both.
 */
const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { reports: { type: "string", default: "10000" }, rounds: { type: "string", default: "5" } },
});
const goalMs = 5000;
const perClass = Math.ceil(Number(values.reports) / 5);
const folder = mkdtempSync(join(tmpdir(), "bench-gate-"));
try {
  const files = write();
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({
    gate: timed(gate),
    parse: timed(() => parse(files)),
  }));
  const [gateMs, parseMs] = [median(rounds.map((one) => one.gate)), median(rounds.map((one) => one.parse))];
  const ratio = median(rounds.map((one) => one.gate / one.parse));
  const megabytes = files.reduce((sum, file) => sum + readFileSync(file).length, 0) / 1e6;
  console.log(`${perClass * 5} reports, ${megabytes.toFixed(0)} MB, medians of ${rounds.length} rounds`);
  console.log(
    `gate            ${gateMs.toFixed(0)} ms (goal ${goalMs}: ${gateMs < goalMs ? "reached" : "MISSED"}; each ${rounds.map((one) => one.gate.toFixed(0)).join(", ")})`,
  );
  console.log(`reading alone   ${parseMs.toFixed(0)} ms`);
  console.log(`ratio           ${ratio.toFixed(2)}`);
} finally {
  rmSync(folder, { recursive: true });
}

function timed(work: () => void): number {
  const beganMs = nowMs();
  work();
  return nowMs() - beganMs;
}

function gate(): void {
  const { status, stdout } = spawnSync(process.execPath, [join(root, "bin", "run.js"), "gate"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the gate ended with ${status}: ${stdout.slice(-500)}`);
}

function parse(files: readonly string[]): void {
  const program = `const { readFileSync } = require("node:fs"); for (const file of ${JSON.stringify(files)}) JSON.parse(readFileSync(file, "utf8"));`;
  if (spawnSync(process.execPath, ["-e", program]).status !== 0) throw new Error("the files cannot be parsed");
}

/** Reports of every class as if their runs had just ended, and the coverage. */
function write(): readonly string[] {
  const now = new Date().toISOString();
  const { seal: _seal, ...base } = baseReport();
  const good = goodReports(sealed({ ...base, run: { ...base.run, startedAt: now, finishedAt: now } }));
  const chaos = Object.values(good.chaos).map((file) => {
    const [series] = file.series;
    const [report] = series?.reports ?? [];
    if (series === undefined || report === undefined) throw new Error("the fixture has no report");
    const reports = Array.from({ length: perClass }, (_, index) => repetition(report, index));
    return chaosFile(file.class, [seriesRecord({ ...series, planned: perClass, reports })]);
  });
  mkdirSync(join(folder, "reports"));
  mkdirSync(join(folder, "coverage"));
  writeFileSync(join(folder, "coverage", "coverage.json"), JSON.stringify(good.coverage));
  const written = [
    ...chaos.map((file) => [`chaos_${file.class}.json`, file] as const),
    ["performance.json", performanceFile(chaos)] as const,
  ];
  return written.map(([name, content]) => {
    const file = join(folder, "reports", name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  });
}

function repetition(report: Report, index: number): Report {
  const { seal: _seal, ...rest } = report;
  const { digest: _digest, ...plan } = {
    ...rest.plan,
    repetition: index + 1,
    repetitions: perClass,
    seed: `s${index}`,
  };
  const run = { ...rest.run, id: `${plan.scenario.name}-${index}`, planned: perClass };
  return sealed({ ...rest, run, plan: { ...plan, digest: planDigest(plan) } });
}
