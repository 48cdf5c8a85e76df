import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chaosClasses } from "../../src/core/scenario.ts";
import { type Ended, onlyJson, Workplace } from "../support/command-line.ts";
import { RunFolder } from "../support/run-folder.ts";

const place = new Workplace();
let ended: Ended;

beforeAll(async () => {
  ended = await place.startRun("--all").ended;
}, 900_000);
afterAll(() => place[Symbol.asyncDispose]());

test("All five classes pass on the healthy swarm, in one run, with every verdict shown.", () => {
  const told = place.runs().flatMap((folder) => {
    const { plan, verdicts } = folder.report();
    const open = verdicts.filter(({ status }) => status !== "pass").map(({ check, status }) => `${check} ${status}`);
    return open.length === 0 ? [] : [`${plan.scenario.name} ${plan.variant.name}: ${open.join(", ")}`];
  });
  expect(told).toEqual([]);
  expect(ended.exitCode).toBe(0);
  const classes = new Set(place.runs().map((folder) => folder.report().plan.scenario.class));
  expect([...classes].sort()).toEqual([...chaosClasses].sort());
});

test("Each class has its contract file, recovered, and the gate says GO over all of them.", async () => {
  const reports = new RunFolder(place.out);
  for (const name of chaosClasses) {
    expect(reports.json(`chaos_${name}.json`)).toMatchObject({ recovery_successful: true, class: name });
  }
  const coverage = join(place.folder, "coverage");
  mkdirSync(coverage);
  writeFileSync(join(coverage, "coverage.json"), JSON.stringify({ summary: { line_coverage: 97.5 } }));
  const decided = await place.call("gate", place.out, "--coverage", join(coverage, "coverage.json"), "--json");
  expect(onlyJson(decided)).toMatchObject({ recommendation: "GO", blocking_issues: [] });
  expect(decided.exitCode).toBe(0);
});
