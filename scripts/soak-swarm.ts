import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Report } from "../src/core/report.ts";
import { freshSeed, repetitionSeed } from "../src/core/random.ts";
import { onlyJson, Workplace } from "../test/support/command-line.ts";
import { drawSchedule } from "../test/support/schedule.ts";

// The healthy reference swarm under schedules of kill, pause, cut and restart drawn from a seed. What fails here is our own Raft.

/** How one schedule ended. */
interface Played {
  readonly seed: string;
  readonly status: "pass" | "unknown" | "fail";
}

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "200" },
    seed: { type: "string", default: freshSeed() },
    jobs: { type: "string", default: "2" },
    out: { type: "string", default: join("reports", "soak-swarm") },
  },
});
await using place = new Workplace();
const out = resolve(values.out);
const seeds = Array.from({ length: Number(values.schedules) }, (_, index) => repetitionSeed(values.seed, index + 1));
console.log(`${seeds.length} schedules, series seed ${values.seed}, ${values.jobs} at a time`);
const played: Played[] = [];
const waiting = [...seeds.entries()];
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
summarize();

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [index, seed] = next;
    const startedMs = performance.now();
    const { status, line } = await play(seed);
    played.push({ seed, status });
    const tookS = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`${String(index + 1).padStart(3)}  ${seed}  ${status.padEnd(7)}  ${tookS} s  ${line}`);
  }
}

/** Plays the schedule of one seed in a folder of its own, which stays only if it did not pass. */
async function play(seed: string): Promise<Pick<Played, "status"> & { readonly line: string }> {
  const folder = join(out, seed);
  const file = join(folder, "scenario.json");
  const { scenario, faults } = drawSchedule(seed);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(scenario, null, 2));
  const ended = await place.call("run", file, "--seed", seed, "--out", folder, "--json");
  const said = onlyJson(ended);
  const report = reportOf(said);
  if (report === null) return { status: "unknown", line: `${faults} · exit ${ended.exitCode}: ${whyNot(said)}` };
  const measured = report.measurements.flatMap((one) =>
    one.kind === "measured" && one.unit === "ms" ? [`${one.measure} ${Math.round(one.high)} ms`] : [],
  );
  const bad = report.verdicts.flatMap((one) =>
    one.status === "pass" ? [] : [`${one.status.toUpperCase()} ${one.check}`],
  );
  // A run that could not be healed says nothing good, whatever its checks say.
  const status = report.status === "pass" && ended.exitCode !== 0 ? "unknown" : report.status;
  if (status === "pass") rmSync(folder, { recursive: true });
  return { status, line: [faults, ...measured, ...bad].join(" · ") };
}

function reportOf(said: unknown): Report | null {
  const runs = typeof said === "object" && said !== null && "runs" in said && Array.isArray(said.runs) ? said.runs : [];
  const [first]: unknown[] = runs;
  return isJudged(first) ? first.report : null;
}

/** The program's own output, in its own version: a judged run has a report. */
function isJudged(run: unknown): run is { readonly report: Report } {
  return typeof run === "object" && run !== null && "report" in run;
}

/** Why there is no report: the run was broken off, or not begun. */
function whyNot(said: unknown): string {
  return /"(?:brokenOff|message)":"[^"]*"/.exec(JSON.stringify(said))?.[0] ?? "no reason given";
}

function summarize(): void {
  const of = (status: Played["status"]): readonly string[] =>
    played.filter((one) => one.status === status).map(({ seed }) => seed);
  const [passed, failed, unknown] = [of("pass"), of("fail"), of("unknown")];
  if (failed.length > 0) console.log(`failed: ${failed.join(", ")} (folders in ${out})`);
  if (unknown.length > 0) console.log(`not shown: ${unknown.join(", ")} (folders in ${out})`);
  console.log(`${passed.length} of ${played.length} passed, ${failed.length} failed, ${unknown.length} not shown`);
  process.exitCode = failed.length > 0 || played.length === 0 ? 1 : 0;
}
