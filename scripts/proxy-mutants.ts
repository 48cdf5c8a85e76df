import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { withPart } from "../test/conformance/generated-part.ts";
import { toxiproxyPage } from "../test/conformance/toxiproxy-page.ts";
import { type Mutant, mutants } from "../test/support/proxy-mutants.ts";

// Plants each fault in turn in a copy of the tree and runs the points that must catch it: one of them must turn red each time. Writes which did
// into docs/reference/toxiproxy.md. Takes a few minutes.

/** What a run of some points came to. */
interface Outcome {
  readonly passed: readonly number[];
  readonly failed: readonly number[];
}

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "proxy-mutants-"));
const workers = Math.min(2, availableParallelism());
const caught = new Map<Mutant, readonly number[]>();
try {
  const copies = Array.from({ length: workers }, (_, index) => copyTo(join(folder, String(index))));
  const sound = await run(copies[0] ?? root, [...new Set(mutants.flatMap(({ points }) => points))]);
  if (sound.failed.length > 0) throw new Error(`points are red as they are: ${sound.failed.join(", ")}`);
  const waiting = [...mutants];
  const work = async (copy: string): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      caught.set(next, await plant(copy, next));
  };
  await Promise.all(copies.map(work));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const missed = mutants.filter((mutant) => caught.get(mutant)?.length === 0);
const rows = mutants.map((mutant) => `| ${mutant.what} | ${caught.get(mutant)?.join(", ") || "nothing"} |`);
const page = await withPart(readFileSync(toxiproxyPage, "utf8"), "mutants", [
  "| planted | caught by point |",
  "| --- | --- |",
  ...rows,
]);
writeFileSync(toxiproxyPage, page);
console.log(missed.length === 0 ? `all ${mutants.length} were caught` : `${missed.length} were not caught`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** Runs the points against the server with the fault in it; gives those that turned red. */
async function plant(copy: string, { what, file, edits, points }: Mutant): Promise<readonly number[]> {
  const path = join(copy, "src", "proxy", file);
  const whole = readFileSync(path, "utf8");
  const changed = edits.reduce((text, [from, instead]) => {
    if (!text.includes(from)) throw new Error(`${file} has no longer: ${from}`);
    return text.replaceAll(from, () => instead);
  }, whole);
  writeFileSync(path, changed);
  const { failed } = await run(copy, points);
  writeFileSync(path, whole);
  console.log(`${failed.length > 0 ? "caught    " : "NOT CAUGHT"}  ${what}: ${failed.join(", ")}`);
  return failed;
}

/** Throws unless every point was really run. */
async function run(copy: string, points: readonly number[]): Promise<Outcome> {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const report = join(copy, "report.json");
  const words = ["run", "--project", "integration", "test/integration/proxy-conformance.test.ts"];
  const picked = ["-t", `^(${points.join("|")}):`, "--reporter", "json", "--outputFile", report];
  const child = spawn(process.execPath, [vitest, ...words, ...picked], {
    cwd: copy,
    stdio: "ignore",
    timeout: 180_000,
  });
  await once(child, "exit");
  const ended = outcomeIn(readFileSync(report, "utf8"));
  rmSync(report);
  const ran = [...ended.passed, ...ended.failed].toSorted((left, right) => left - right);
  const asked = points.toSorted((left, right) => left - right);
  if (ran.join() !== asked.join()) throw new Error(`asked for points ${asked.join()}, ran ${ran.join()}`);
  return ended;
}

function outcomeIn(json: string): Outcome {
  const { testResults }: JsonReport = JSON.parse(json);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const of = (status: string): readonly number[] =>
    tests.filter((one) => one.status === status).map(({ title }) => Number.parseInt(title, 10));
  return { passed: of("passed"), failed: of("failed") };
}

/** The parts of vitest's JSON report that are looked at. */
interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

function copyTo(copy: string): string {
  const parts = ["bin", "src", "test", "fixtures", "schemas", "package.json", "vitest.config.ts", "tsconfig.json"];
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}
