import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { type LineCoverage, lineCoverage } from "./line-coverage.ts";

// How much of the reference swarm, the system under test of this repository's own workflow, its own tests execute of what is built: suites
// that start it as processes and ask it, and its unit tests. Written as the gate reads it. No file that it can load is left out, the planted
// defects neither; what only builds it (schemas, their compiler) is never part of a node, and does not count.
//
//   node scripts/system-coverage.ts [FILE]      (after npm run build; coverage/coverage.json unless said)

const root = join(import.meta.dirname, "..");
const system = join(root, "dist", "fixtures", "reference-swarm");
const suites = [
  ["--project", "integration", "test/integration/swarm"],
  ["--config", "vitest.system.config.ts"],
];
const [file = join(root, "coverage", "coverage.json")] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), "system-coverage-"));
try {
  // A number from before must not be taken for this one, should this one not come about.
  rmSync(file, { force: true });
  for (const suite of suites) {
    const status = run(suite, join(folder, "v8"));
    if (status !== 0)
      throw new Error(
        `the tests of the system (${suite.join(" ")}) ended with ${status}; there is no coverage of what does not work`,
      );
  }
  const found = coverageOf(join(folder, "v8"));
  const lines = found.reduce((sum, { coverage }) => sum + coverage.lines, 0);
  const covered = found.reduce((sum, { coverage }) => sum + coverage.covered, 0);
  if (covered === 0) throw new Error("no line of the system was executed; was it built (npm run build)?");
  const percent = Math.floor((10_000 * covered) / lines) / 100;
  mkdirSync(dirname(file), { recursive: true });
  const files = Object.fromEntries(found.map(({ path, coverage }) => [path, coverage]));
  writeFileSync(file, `${JSON.stringify({ summary: { line_coverage: percent, lines, covered }, files }, null, 2)}\n`);
  for (const { path, coverage } of found)
    console.log(`${String(coverage.covered).padStart(5)} of ${String(coverage.lines).padStart(5)}  ${path}`);
  console.log(`${percent} % of ${lines} lines of the system under test, in ${file}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs tests of the system; every process below writes what it executed, also those that are killed: every two seconds. */
function run(suite: readonly string[], into: string): number | null {
  const flush = join(folder, "flush.mjs");
  writeFileSync(flush, 'import v8 from "node:v8";\nsetInterval(() => v8.takeCoverage(), 2000).unref();\n');
  const { status } = spawnSync(process.execPath, [vitest(), "run", ...suite], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      CHAOS_DURATION: "",
      NODE_V8_COVERAGE: into,
      NODE_OPTIONS: `--import=${pathToFileURL(flush).href}`,
    },
  });
  return status;
}

function vitest(): string {
  return join(root, "node_modules", "vitest", "vitest.mjs");
}

interface OfFile {
  readonly path: string;
  readonly coverage: LineCoverage;
}

/** Of every file of the system: what any process executed of it; nothing of one that none loaded. */
function coverageOf(profiles: string): readonly OfFile[] {
  const files = [...loadable("main.js")];
  const texts = new Map(
    files.map((name) => [pathToFileURL(join(system, name)).href, readFileSync(join(system, name), "utf8")]),
  );
  const coverage = lineCoverage(
    texts,
    readdirSync(profiles).map((name) => () => readFileSync(join(profiles, name), "utf8")),
  );
  return files.toSorted().map((name) => ({
    path: relative(root, join(system, name)).replaceAll("\\", "/"),
    coverage: coverage.get(pathToFileURL(join(system, name)).href) ?? { lines: 0, covered: 0 },
  }));
}

/** The files of the system that one of them can load: what it imports, at once or later, and what these import. */
function loadable(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(join(system, name), "utf8");
  for (const [, path = ""] of text.matchAll(/(?:from |import\(|import )"(\.[^"]+)"/g)) {
    const imported = join(dirname(name), path);
    if (!imported.startsWith("..")) loadable(imported, found);
  }
  return found;
}
