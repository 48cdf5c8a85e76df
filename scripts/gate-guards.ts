import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Takes each guard of the gate out in turn, in a copy of the tree, and runs the gate's tests: they must go red each time. A guard that can be
// taken out without anybody noticing guards nothing. Takes several minutes; words given to it choose the guards that have one of them in their name.

/** By file of src/gates: what is guarded, the text that guards it, and what stands there without. */
const guards: Readonly<Record<string, readonly (readonly [guards: string, text: string, without: string])[]>> = {
  "report-findings.ts": [
    ["report seal", "!isSealIntact(report)", "false"],
    ["plan digest", "again !== stored", "false"],
    ["freshness", "...timeFindings(report, place, judging),", ""],
    ["measure twice", "...repeatedFindings(report, place),", ""],
    ["verdicts", "...verdictFindings(report, place, judging),", ""],
    ["hollow passes", "...hollowFindings(report, place),", ""],
    ["status", "...statusFindings(report, place),", ""],
    ["limit verdict judged again", "other !== undefined && !isSame(other, verdict)", "false"],
    ["verdict names", "...when(odd >= 0, ", "...when(false, "],
  ],
  "measurement-findings.ts": [
    ["recompute from tracks", "if (isSame(again, stored)) return [];", "return [];"],
    ["samples there", "if (tracks.length === 0) return", "if (tracks.length < 0) return"],
    ["spread there", "if (spread === undefined) return", "if (false) return"],
    ["seconds there", "if (perSecond.length === 0) return", "if (perSecond.length < 0) return"],
    ["looks in order", 'if (disordered >= 0) return [unordered(measure, below(place, "tracks", disordered))];', ""],
    ["brackets", '...(one.kind === "measured" ? bracketFindings(one, place) : []),', ""],
    ["units", "unit !== undefined && unit !== one.unit", "false"],
    ["track beginnings", 'if (begins === undefined || one.kind === "not-measured") return [];', "return [];"],
  ],
  "times.ts": [
    ["stale", "ageMs > policy.oldestMs", "false"],
    ["future", "-ageMs > policy.aheadMs", "false"],
    ["end before begin", "startedMs > finishedMs", "false"],
  ],
  "chaos-findings.ts": [
    ["name of class", "named.length > 0 && !named.includes(content.class)", "false"],
    ["chaos seal", "!isChaosSealIntact(content)", "false"],
    ["recovery_successful", "isRecovered !== content.recovery_successful", "false"],
    ["scenario twice", "sameScenario.length > 1", "false"],
    ["list of runs", "...when(odd >= 0, ", "...when(false, "],
    ["run twice", "repeated >= 0", "false"],
    ["more than planned", "again.length > planned", "false"],
    ["belonging", "measured !== required", "false"],
  ],
  "performance-findings.ts": [
    ["performance seal", "!isSealIntact(content)", "false"],
    ["performance value", "content[key] !== again[key]", "false"],
    ["source twice", "repeated >= 0", "false"],
    ["source measure", "measurement !== null && measurement.measure !== measure", "false"],
    ["source run there", "ofClass.length > 0 && same.length === 0", "false"],
    ["source same", "same.length > 0 && !same.some((one) => isSame(one, source))", "false"],
    ["uncovered", "missing.length > 0", "false"],
  ],
  "across-findings.ts": [
    ["commit", "commit === most[0]", "true"],
    ["contradiction", "isSame(report, first.report)", "true"],
  ],
  "stored-runs.ts": [
    ["history digest", "when(isOther, ", "when(false, "],
    ["run report", "found.seal !== null && found.seal !== report.seal", "false"],
    ["later series", "...later.slice(0, 1)", "...later.slice(0, 0)"],
  ],
  "manifest-findings.ts": [
    ["manifest: files of a run", "const findings = differences.map(", "const findings = differences.slice(0, 0).map("],
    [
      "manifest: a run's is missing",
      "return { listed: [], findings: [manifestMissing(place)] }",
      "return { listed: [], findings: [] }",
    ],
    ["manifest: a run's is torn", "findings: [unreadable(place, stored.text)]", "findings: []"],
    ["manifest: that of reports is torn", "return when(isOurs, ", "return when(false, "],
    [
      "manifest: a listed file altered",
      "if (now !== undefined) return [differs(",
      "if (now !== undefined) return [];\n    if (anywhere.size < 0) return [differs(",
    ],
    ["manifest: a listed file gone", "if (anywhere.has(one.sha256)) return [];", "return [];"],
    ["manifest: a run listed again", "return when(!same, ", "return when(false, "],
    ["manifest: a wrong seal", 'if (standing.kind === "wrong")', "if (false)"],
    ["manifest: a seal absent", 'return when(standing.kind === "absent", ', "return when(false, "],
    ["manifest: a file under no seal", "...uncovered(folder, reports.listed, key)", ""],
    ["manifest: seals required, and no key", "when(isRequired, ", "when(false, "],
  ],
  "job-findings.ts": [
    ["job: no success", 'if (result === "success") return [];', "return [];"],
    ["job: no word of any", "if (text === null) {", "if (text === null) return [];\n  if (text === null) {"],
    ["job: none is named", "|| Object.keys(value).length === 0", ""],
  ],
  "class-criterion.ts": [
    ["short series", "runs < planned || runs === 0", "false"],
    ["class missing", "files.length === 0 && !isBroken", "false"],
    ["no series", "content.series.length === 0", "false"],
    ["verdicts of runs", "...verdictFindings(report, at), ", ""],
    ["recovery", "...recoveryFindings(report, at), ", ""],
    ["nothing tested", ", ...nothingTested(report, at)", ""],
    ["broken off", "...brokenOff.map(", "...[].map("],
  ],
  "time-criterion.ts": [
    ["limit", "!(tidy(measurement.high) <= limitMs)", "false"],
    ["beyond limit", "&& tidy(measurement.atLeast) >= limitMs", "&& false"],
    ["no source", "isRead && told.length === 0", "false"],
    ["no performance file", "!isRead && !isUnreadable", "false"],
  ],
  "criteria/line-coverage.ts": [["coverage limit", "percent !== null && !(percent >= threshold)", "false"]],
  "coverage-evidence.ts": [["coverage type", 'typeof value !== "number" || !(value >= 0 && value <= 100)', "false"]],
  "read-folder.ts": [["too deep", "else found.unseen.push({ folder: path", "else [].push({ folder: path"]],
  "decide.ts": [
    ["whole", "isWhole ? exitCodes.pass : exitCodes.inconclusive", "exitCodes.pass"],
    ["no trigger is waived", "!criteria.some((name) => Object.hasOwn(triggers, name))", "true"],
    ["waived is not met", 'status === "PASS" || status === "MARGINAL"', "holding.includes(status)"],
  ],
  "waiver.ts": [
    ["expired waivers", "const isExpired = leftMs <= 0;", "const isExpired = leftMs <= -1e15;"],
    ["waivers for too long", "leftMs <= (longestDays + 1) * dayMs", "leftMs <= 1e15"],
    ["only a broken limit is waived", 'finding.kind !== "broken" || ', ""],
    ["never waived", " || neverWaived.includes(about)", ""],
    ["the waiver's scenario", "finding.scenario === waiver.scenario", "true"],
    ["the waiver's variant", "waiver.variant === null || waiver.variant === finding.variant", "true"],
  ],
  "expected.ts": [
    ["planned and not run", "(found.get(keyOf(one)) ?? []).length === 0", "false"],
    ["run by another plan", "!here.some(({ plan }) => plan.digest === one.digest)", "false"],
    ["no plan at all", "expected.length > 0) return { expected", "expected.length >= 0) return { expected"],
  ],
  "guards.ts": [
    ["too little at risk", "acknowledged < least", "false"],
    ["a fault for too short a time", "forMs < least", "false"],
  ],
  "asked-criterion.ts": [
    ["a broken limit", 'verdict?.status === "fail"', "false"],
    ["nothing tells it", "said.length === 0 && !isToldOf(asking)", "false"],
    ["too few runs", "said.length > 0 && !asked.isPooled && said.length < due", "false"],
    ["a check that did not hold", 'if (said?.status === "pass")', "if (said !== null)"],
  ],
  "source-evidence.ts": [
    ["a file of a tool that is missing", 'raw.problem === "ENOENT"', "false"],
    [
      "a format that nobody knows",
      "if (reading === null) {",
      "if (reading === null) return none([]);\n  if (reading === null) {",
    ],
  ],
  "sources/junit.ts": [
    ["JUnit counts", "told !== null && told !== failed", "false"],
    ["JUnit without a case", "passed + failed === 0", "false"],
  ],
  "sources/npm-audit.ts": [["npm audit counts", "told[severity] !== counted", "false"]],
  "sources/sarif.ts": [
    ["SARIF without a run", "runs.length === 0", "false"],
    ["a tool that failed", "failed >= 0", "false"],
  ],
  "sources/cyclonedx.ts": [["a list of components", "!isList(listed)", "false"]],
  "sources/api-matrix.ts": [
    ["a matrix without a cell", "cells.length === 0", "false"],
    ["a cell twice", "twice >= 0", "false"],
  ],
  "sources/coverage.ts": [
    ["Unknown of Istanbul", 'total === 0 || percent === "Unknown"', "false"],
    ["Istanbul's percentage", "Math.abs(percent - (covered / total) * 100) > 0.01", "false"],
    ["half an LCOV", '?.trim() !== "end_of_record"', '?.trim() === "x"'],
    ["Cobertura's rate", "!(Math.abs(told - covered / lines.length) <= 0.005)", "false"],
  ],
};

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

function takeOut(
  file: string,
  [what, text, without]: readonly [string, string, string],
  tests: readonly string[],
): void {
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
