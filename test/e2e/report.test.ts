import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlyJson, packageRoot, Workplace } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { endProcess } from "../support/processes.ts";

const scenario = "src/scenarios/catalogue/leader-loss.yaml";
/** The line of the catalogue's scenario on which a text stands first, from 1. */
const lineOf = (text: string): number =>
  1 +
  readFileSync(join(packageRoot, scenario), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text));

test("A run with a planted defect in a step of GitHub Actions: an error on the line of the check, a summary, and every format of its folder.", async () => {
  await using place = new Workplace();
  const summary = join(place.folder, "summary.md");
  const environment = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: packageRoot };
  const words = ["leader-loss", "--variant", "cut", "--defect", "stale-read", "--out", place.out];
  const ended = await place.callIn({ environment }, "run", ...words);
  expect(ended.exitCode).toBe(10);
  const errors = ended.stderr.split("\n").filter((line) => line.startsWith("::"));
  expect(errors[0]).toContain(`::error file=${scenario},line=${lineOf("- old-leader-steps-down")},title=`);
  expect(errors.at(-1)).toBe("::error title=prism-chaos::FAIL: 0 of 1 runs passed; 1 broken.");
  expect(errors.length).toBeLessThanOrEqual(10);
  expect(ended.stdout).not.toMatch(/^\s*::/m);
  expect(readFileSync(summary, "utf8")).toMatch(/^\*\*FAIL\*\*: 0 of 1 runs passed; 1 broken\.\n/);

  for (const format of ["html", "json", "junit", "ctrf", "markdown", "chaostoolkit"]) {
    const output = join(place.folder, `report.${format}`);
    const told = await place.call("report", place.out, "--format", format, "--output", output, "--json");
    expect(told.exitCode).toBe(0);
    expect(onlyJson(told)).toMatchObject({ format, output, runs: 1, notJudged: 0 });
    const printed = await place.call("report", place.out, "--format", format);
    expect(printed.stdout).toBe(readFileSync(output, "utf8"));
    expect(printed.stdout).toContain("old-leader-steps-down");
  }
  const gate = await place.callIn({ environment }, "gate", place.out);
  expect(gate.exitCode).toBe(10);
  expect(gate.stderr).toMatch(/^::error [^\n]*leader_election_failure/m);
  expect(readFileSync(summary, "utf8")).toContain("\n**NO_GO**: ");
});

test("A run that was broken off is told in a step and in every format, with a summary that cannot be written as well.", async () => {
  await using place = new Workplace();
  const environment = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: place.folder, GITHUB_WORKSPACE: packageRoot };
  const call = place.startIn({ environment }, "run", "leader-loss", "--variant", "cut", "--out", place.out);
  const folder = await place.firstRun();
  const inForce = (): boolean => folder.says("history.ndjson", '"type":"fault.injected"');
  await eventually(inForce, { limitMs: 60_000, what: "a fault in force" });
  const proxy = folder.journal().find((entry) => entry.entry === "spawned" && entry.what === "proxy");
  if (proxy?.entry !== "spawned") throw new Error("there is no proxy");
  endProcess(proxy.process.pid);
  const { exitCode, stderr } = await call.ended;
  expect(exitCode).toBe(69);
  expect(stderr).toMatch(/^prism-chaos: no step summary was written: EISDIR/m);
  expect(stderr).toContain(`::error file=${scenario},line=${lineOf("  cut:")},title=leader-loss · cut%3A broken off::`);
  for (const format of ["html", "json", "junit", "ctrf", "markdown", "chaostoolkit"]) {
    const told = await place.call("report", folder.path, "--format", format);
    expect(told.exitCode).toBe(0);
    expect(told.stdout).toContain("the proxy of the links ended by itself in the middle of the run");
  }
});

test("A folder without runs is exit 11 with a document that says so; a wrong call writes nothing.", async () => {
  await using place = new Workplace();
  const output = join(place.folder, "junit.xml");
  const none = await place.callIn({ cwd: place.folder }, "report", "--format", "junit", "--output", output);
  expect(none.exitCode).toBe(11);
  expect(readFileSync(output, "utf8")).toContain("no run was found");
  const other = join(place.folder, "other.xml");
  for (const words of [["--format", "yaml"], [], ["nowhere", "--format", "junit"]]) {
    expect((await place.callIn({ cwd: place.folder }, "report", ...words, "--output", other)).exitCode).toBe(64);
  }
  expect(existsSync(other)).toBe(false);
});
