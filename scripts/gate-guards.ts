import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Guard, guards } from "./guards-of-the-gate.ts";

// Takes each guard of the gate out in turn, in a copy of the tree, and runs the gate's tests: they must go red each time. A guard that can be
// taken out without anybody noticing guards nothing. Takes several minutes; words given to it choose the guards that have one of them in their name.

/** The tests that guards of most files are seen by, and those of the others. */
const usual = ["test/integration/gate.test.ts", "test/integration/gate-policy.test.ts", "src/gates"];
const others: Readonly<Record<string, readonly string[]>> = {
  "manifest-findings.ts": ["test/integration/evidence.test.ts"],
  "job-findings.ts": ["src/gates/job-findings.test.ts"],
};

const root = join(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "gate-guards-"));
const green = new Set<readonly string[]>();
let unnoticed = 0;
try {
  for (const part of ["src", "test", "fixtures", "schemas", "package.json", "vitest.config.ts", "tsconfig.json"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const [name, own] of Object.entries(guards)) {
    const chosen = own.filter(([what]) => isChosen(what));
    const tests = others[name] ?? usual;
    if (chosen.length > 0 && !isGreenAsItIs(tests)) throw new Error(`${tests.join(", ")} are red as they are`);
    for (const guard of chosen) takeOut(join(copy, "src", "gates", name), guard, tests);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(unnoticed === 0 ? "every guard was missed" : `${unnoticed} guards were not missed`);
process.exitCode = unnoticed === 0 ? 0 : 1;

function isChosen(guard: string): boolean {
  const chosen = process.argv.slice(2);
  return chosen.length === 0 || chosen.some((word) => guard.includes(word));
}

function takeOut(file: string, [what, text, without]: Guard, tests: readonly string[]): void {
  const whole = readFileSync(file, "utf8");
  if (!whole.includes(text)) throw new Error(`${file} has no longer: ${text}`);
  writeFileSync(
    file,
    whole.replace(text, () => without),
  );
  const isMissed = !isGreen(tests);
  writeFileSync(file, whole);
  if (!isMissed) unnoticed += 1;
  console.log(`${isMissed ? "missed    " : "NOT MISSED"}  ${what}`);
}

/** Whether they pass while nothing is taken out; looked at once. */
function isGreenAsItIs(tests: readonly string[]): boolean {
  if (!green.has(tests) && isGreen(tests)) green.add(tests);
  return green.has(tests);
}

/** Whether these tests pass. */
function isGreen(tests: readonly string[]): boolean {
  const words = ["run", ...tests, "-t", `^(?!Whatever one value)`];
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  return spawnSync(process.execPath, [vitest, ...words], { cwd: copy, timeout: 120_000 }).status === 0;
}
