import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "./figures.ts";

/**
 * What the harness itself costs, as ratios measured side by side in one run: the start of the command line against a bare oclif command and
 * against Node alone, and the wall time of a run against the time that its plan declares.
 */
const root = join(import.meta.dirname, "..");
const entry = join(root, "bin", "run.js");
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "15" }, runs: { type: "string", default: "3" } },
});

const scratch = mkdtempSync(join(tmpdir(), "bench-"));
try {
  startUp(Number(values.rounds));
  overhead(Number(values.runs));
} finally {
  rmSync(scratch, { recursive: true });
}

function startUp(rounds: number): void {
  const bare = bareCommand();
  const candidates = {
    "node -e 0": ["-e", "0"],
    "bare oclif --version": [bare, "--version"],
    "prism-chaos --version": [entry, "--version"],
    "bare oclif hello": [bare, "hello"],
    "prism-chaos version": [entry, "version"],
  };
  const times = new Map(Object.keys(candidates).map((name) => [name, [] as number[]]));
  // Interleaved, so that a busy moment of the machine falls on all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(candidates)) times.get(name)?.push(timed(args));
  }
  const medians = new Map([...times].map(([name, all]) => [name, median(all)]));
  console.log(`start-up, median of ${rounds} interleaved rounds`);
  for (const [name, ms] of medians) console.log(`  ${name.padEnd(24)} ${ms.toFixed(0).padStart(5)} ms`);
  const ratio = (one: string, other: string): string =>
    ((medians.get(one) ?? NaN) / (medians.get(other) ?? NaN)).toFixed(2);
  console.log(
    `  prism-chaos --version / bare oclif --version   ${ratio("prism-chaos --version", "bare oclif --version")}`,
  );
  console.log(`  prism-chaos version / bare oclif hello         ${ratio("prism-chaos version", "bare oclif hello")}`);
}

/** Runs the quick kill variant and holds its wall time against what its plan declares: warm-up, phase, hold, steady hold, cool-down. */
function overhead(runs: number): void {
  console.log(`overhead of a run (leader-loss · kill, quick), ${runs} runs: wall time / declared time`);
  const ratios: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const out = join(scratch, `run-${run}`);
    const started = process.hrtime.bigint();
    const args = ["run", "leader-loss", "--variant", "kill", "--seed", `bench-${run}`, "--out", out, "--json"];
    const child = spawnSync(process.execPath, [entry, ...args], { encoding: "utf8", maxBuffer: 1e9, cwd: scratch });
    const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
    if (child.status !== 0) throw new Error(`the run ended with ${child.status}: ${child.stderr}`);
    const result: {
      readonly runs: readonly { readonly folder: string; readonly report: { readonly plan: BenchPlan } }[];
    } = JSON.parse(child.stdout);
    const [only] = result.runs;
    if (only === undefined) throw new Error("nothing was run");
    const declaredMs = declared(only.report.plan);
    ratios.push(wallMs / declaredMs);
    const phases = phaseTimes(join(only.folder, "history.ndjson"));
    console.log(
      `  ${wallMs.toFixed(0)} ms / ${declaredMs.toFixed(0)} ms = ${(wallMs / declaredMs).toFixed(2)}, over by ${(wallMs - declaredMs).toFixed(0)} ms; ${phases}`,
    );
  }
  console.log(`  median ratio ${median(ratios).toFixed(2)}`);
}

interface BenchPlan {
  readonly sizes: { readonly warmUpMs: number; readonly coolDownMs: number };
  readonly phaseMs: number;
  readonly steadyState: { readonly holdMs: number };
  readonly timeline: readonly { readonly forMs?: number | null }[];
}

function declared({ sizes, phaseMs, steadyState, timeline }: BenchPlan): number {
  const held = timeline.reduce((sum, { forMs }) => sum + (forMs ?? 0), 0);
  return sizes.warmUpMs + phaseMs + held + steadyState.holdMs + sizes.coolDownMs;
}

function phaseTimes(file: string): string {
  const entered = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes('"phase.entered"'))
    .map((line): { readonly phase: string; readonly atMs: number } => JSON.parse(line));
  return entered
    .slice(0, -1)
    .map(({ phase, atMs }, index) => `${phase} ${((entered[index + 1]?.atMs ?? atMs) - atMs).toFixed(0)}`)
    .join(", ");
}

/** A package with one oclif command that prints a word, and a manifest, as a project just created has it. */
function bareCommand(): string {
  const folder = join(scratch, "bare");
  mkdirSync(join(folder, "commands"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const oclif = { bin: "bare", dirname: "bare", commands: "./commands" };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "bare", version: "1.0.0", type: "module", files: [], oclif }),
  );
  const command =
    'import { Command } from "@oclif/core";\nexport default class Hello extends Command { async run() { this.log("hello"); } }\n';
  writeFileSync(join(folder, "commands", "hello.js"), command);
  const manifest = {
    version: "1.0.0",
    commands: {
      hello: {
        aliases: [],
        args: {},
        flags: {},
        hiddenAliases: [],
        id: "hello",
        pluginAlias: "bare",
        pluginName: "bare",
        pluginType: "core",
        strict: true,
        isESM: true,
        relativePath: ["commands", "hello.js"],
      },
    },
  };
  writeFileSync(join(folder, "oclif.manifest.json"), JSON.stringify(manifest));
  const file = join(folder, "run.js");
  writeFileSync(
    file,
    'import { execute, settings } from "@oclif/core";\nsettings.enableAutoTranspile = false;\nawait execute({ dir: import.meta.url });\n',
  );
  return file;
}

function timed(args: readonly string[]): number {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: scratch });
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return ms;
}
