import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { withPart } from "../test/conformance/generated-part.ts";
import { toxiproxyPage } from "../test/conformance/toxiproxy-page.ts";
import { ownMutants } from "../test/support/own-proxy-mutants.ts";
import { type Mutant, mutants, type NamedTests } from "../test/support/proxy-mutants.ts";

// Plants each fault in turn in a copy of the tree and runs the tests that must catch it: one of them must turn red each time. Writes which did
// into docs/reference/toxiproxy.md. Takes a few minutes.

/** What a run of some tests came to, by their titles. */
interface Outcome {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "proxy-mutants-"));
const workers = Math.min(2, availableParallelism());
const all = [...mutants, ...ownMutants];
const caught = new Map<Mutant, readonly string[]>();
try {
  const copies = Array.from({ length: workers }, (_, index) => copyTo(join(folder, String(index))));
  for (const [file, named] of Map.groupBy(all, ({ tests }) => tests.file)) {
    const titles = [...new Set(named.flatMap(({ tests }) => tests.titles))];
    const sound = await run(copies[0] ?? root, { file, titles });
    if (sound.failed.length > 0) throw new Error(`red as they are: ${sound.failed.join(" ")}`);
  }
  const waiting = [...all];
  const work = async (copy: string): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      caught.set(next, await plant(copy, next));
  };
  await Promise.all(copies.map(work));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const missed = all.filter((mutant) => caughtBy(mutant).length === 0);
const points = tableOf(mutants, "point", (titles) => titles.map((title) => Number.parseInt(title, 10)).join(", "));
const own = tableOf(ownMutants, "test", (titles) => titles.join(" "));
const page = await withPart(readFileSync(toxiproxyPage, "utf8"), "mutants", points);
writeFileSync(toxiproxyPage, await withPart(page, "own mutants", own));
console.log(missed.length === 0 ? `all ${all.length} were caught` : `${missed.length} were not caught`);
process.exitCode = missed.length === 0 ? 0 : 1;

function caughtBy(mutant: Mutant): readonly string[] {
  return caught.get(mutant) ?? [];
}

function tableOf(
  planted: readonly Mutant[],
  by: string,
  cell: (titles: readonly string[]) => string,
): readonly string[] {
  const rows = planted.map((mutant) => `| ${mutant.what} | ${cell(caughtBy(mutant)) || "nothing"} |`);
  return [`| planted | caught by ${by} |`, "| --- | --- |", ...rows];
}

/** Runs the tests against the server with the fault in it; gives those that turned red. */
async function plant(copy: string, { what, file, edits, tests }: Mutant): Promise<readonly string[]> {
  const path = join(copy, "src", "proxy", file);
  const whole = readFileSync(path, "utf8");
  const changed = edits.reduce((text, [from, instead]) => {
    if (!text.includes(from)) throw new Error(`${file} has no longer: ${from}`);
    return text.replaceAll(from, () => instead);
  }, whole);
  writeFileSync(path, changed);
  const { failed } = await run(copy, tests);
  writeFileSync(path, whole);
  console.log(`${failed.length > 0 ? "caught    " : "NOT CAUGHT"}  ${what}: ${failed.join(" ")}`);
  return failed;
}

/** Throws unless every test was really run. */
async function run(copy: string, { file, titles }: NamedTests): Promise<Outcome> {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const report = join(copy, "report.json");
  const pattern = titles.map((title) => title.replaceAll(/[^\w ]/g, String.raw`\$&`)).join("|");
  const picked = ["-t", `^(${pattern})$`, "--reporter", "json", "--outputFile", report];
  const child = spawn(process.execPath, [vitest, "run", file, ...picked], {
    cwd: copy,
    stdio: "ignore",
    timeout: 180_000,
  });
  await once(child, "exit");
  const ended = outcomeIn(readFileSync(report, "utf8"));
  rmSync(report);
  const ran = [...ended.passed, ...ended.failed].toSorted();
  if (ran.join() !== titles.toSorted().join()) throw new Error(`asked for ${titles.join(" ")} ran ${ran.join(" ")}`);
  return ended;
}

function outcomeIn(json: string): Outcome {
  const { testResults }: JsonReport = JSON.parse(json);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const of = (status: string): readonly string[] =>
    tests.filter((one) => one.status === status).map(({ title }) => title);
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
