import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { validateFile } from "../../src/harness-files.ts";
import { packageRoot } from "../support/command-line.ts";
import { Fuzz, type Load } from "../support/fuzz-files.ts";

const seed = "fixed";

/** How often each outcome came, over the first files of the seed. */
function outcomes(files: number, load?: Load): ReadonlyMap<string, number> {
  using fuzz = new Fuzz(seed, load);
  const counts = new Map<string, number>();
  for (let number = 0; number < files; number += 1) {
    const outcome = fuzz.try(number);
    const what = "wrong" in outcome ? `file ${number}: ${outcome.wrong}` : outcome.outcome;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}

test("2 000 mutated files: none crashes the loader, none is accepted that the published schema refuses.", () => {
  const counts = outcomes(2000);
  expect([...counts.keys()].sort()).toEqual(["accepted", "no YAML", "not valid"]);
  // Each outcome is really tried.
  for (const count of counts.values()) expect(count).toBeGreaterThan(100);
});

test("A loader that lets an unknown key pass is caught.", () => {
  const lenient: Load = (file, as) => {
    const result = validateFile(file, as);
    const isOnlyThat = result.problems.every(({ message }) => message.startsWith("unknown key"));
    return isOnlyThat ? { ...result, problems: [] } : result;
  };
  expect([...outcomes(300, lenient).keys()].join("\n")).toMatch(/an invalid \w+ was accepted: .*additionalProperties/);
});

test("A loader that crashes on a list is caught, with its trace.", () => {
  const fragile: Load = (file, as) => {
    if (readFileSync(file, "utf8").startsWith("[")) throw new TypeError("planted");
    return validateFile(file, as);
  };
  expect([...outcomes(300, fragile).keys()].join("\n")).toMatch(/it crashed: TypeError: planted/);
});

test("A loader that prints what a terminal acts on is caught.", () => {
  const loud: Load = (file, as) => {
    const result = validateFile(file, as);
    return { ...result, message: result.message && `${result.message}\u001b[2J` };
  };
  expect([...outcomes(20, loud).keys()].join("\n")).toMatch(/control characters/);
});

test("A file that hangs is ended by the watchdog, kept with the command that replays it, and the rest goes on: exit 10.", () => {
  const out = mkdtempSync(join(tmpdir(), "fuzz-out-"));
  const args = ["--seed", seed, "--files", "30", "--hang-at", "11", "--hang-limit", "500", "--out", out];
  const script = join(packageRoot, "scripts", "fuzz-files.ts");
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", timeout: 50_000 });
  expect(stdout).toMatch(/BAD {2}file 11: it took longer than 500 ms\n.*fixed-11\.yaml\n +again: npm run fuzz:files/);
  expect(stdout).toMatch(/\n30 files in /);
  expect(status).toBe(10);
  rmSync(out, { recursive: true });
});

test("The same seed and number give the same file.", () => {
  using one = new Fuzz(seed);
  using other = new Fuzz(seed);
  expect(Buffer.from(one.file(7).bytes)).toEqual(Buffer.from(other.file(7).bytes));
});
