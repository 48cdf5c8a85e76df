import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Measurement } from "../../src/core/measurement.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Report } from "../../src/core/report.ts";
import { type Ended, onlyJson, Workplace } from "../support/command-line.ts";
import { processesOf } from "../support/processes.ts";
import { RunFolder } from "../support/run-folder.ts";

const seed = ["--seed", "a-verdict", "--repeat", "3"] as const;
const place = new Workplace();
let ended: Ended;
let folder: RunFolder;

beforeAll(async () => {
  ended = await place.startRun("leader-loss", "--variant", "kill", ...seed, "--repetition", "2").ended;
  folder = await place.firstRun();
});
afterAll(() => place[Symbol.asyncDispose]());

test("A run of leader-loss by kill passes: exit 0, and standard output is one JSON document and nothing else.", () => {
  expect(ended.exitCode).toBe(0);
  const runs = [{ folder: folder.path, residue: [], report: folder.report() }];
  expect(onlyJson(ended)).toMatchObject({ exitCode: 0, series: [{ scenario: "leader-loss", planned: 1 }], runs });
});

function measured(measure: string): Extract<Measurement, { kind: "measured" }> {
  const found = folder.report().measurements.find((one) => one.measure === measure);
  if (found?.kind === "measured") return found;
  throw new Error(`${measure} was not measured: ${JSON.stringify(found)}`);
}

test("Failover and recovery are measured as brackets within the limits of the scenario.", () => {
  const { status, plan, verdicts, run } = folder.report();
  expect(status).toBe("pass");
  expect(run.proxy).toEqual({ kind: "builtin", by: "builtin" });
  for (const measure of ["failover.time", "recovery.time"]) {
    const { low, high, unit } = measured(measure);
    const limit = plan.expectations.find((one) => one.measure === measure)?.limit;
    expect(unit).toBe("ms");
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThanOrEqual(low);
    expect(high).toBeLessThan(limit ?? 0);
  }
  expect(verdicts.length).toBe(plan.checks.length + plan.expectations.length);
  expect(verdicts.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
});

test("The contract files lie beside the run's folder and say what the report says.", () => {
  const beside = new RunFolder(place.out);
  expect(beside.json("chaos_leader_election_failure.json")).toMatchObject({
    recovery_successful: true,
    class: "leader_election_failure",
    series: [
      {
        scenario: "leader-loss",
        planned: 1,
        runs: [{ run: folder.run, isRecovered: true }],
        brokenOff: [],
        reports: [folder.report()],
      },
    ],
  });
  expect(beside.json("performance.json")).toMatchObject({
    failover_time: Math.round(measured("failover.time").high * 1000) / 1e6,
  });
});

test("The run's folder is complete, its journal closed, and no process carries the run's tag.", () => {
  expect(folder.json("run.json")).toMatchObject({
    state: "judged",
    status: "pass",
    notes: [],
    run: { id: folder.run },
  });
  expect(readFileSync(join(folder.path, "report.html"), "utf8")).toContain("failover.time");
  expect(folder.phases().join(" ")).toBe(
    "starting steady-before warm-up faults recovery cool-down final-reads closing",
  );
  const entries = folder.journal().map(({ entry }) => entry);
  expect(entries.join(" ")).toBe(`opened ${"spawned ".repeat(6)}injecting injected healing healed disposed`);
  expect(folder.journal().at(-1)).toMatchObject({ residue: [] });
  expect(processesOf(folder.run)).toEqual([]);
  expect(folder.has("data")).toBe(false);
});

test("The plan that was run is repetition 2 of the whole series, as `plan` shows it.", async () => {
  const planned = await place.call("plan", "leader-loss", "--variant", "kill", ...seed, "--json");
  const { plans } = onlyJson(planned) as { plans: readonly { plan: Plan }[] };
  expect(plans.map(({ plan }) => plan.digest === folder.plan().digest)).toEqual([false, true, false]);
  expect(folder.report().run.reproduce).toContain("--seed a-verdict --repeat 3 --repetition 2");
});

/** A copy of the run's folder in which one thing was changed. */
function changed(name: string, change: (copy: string) => void): string {
  const copy = join(place.folder, name);
  cpSync(folder.path, copy, { recursive: true });
  change(copy);
  return copy;
}

function rewrite(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

test("Judged again from its folder the run comes out the same: exit 0.", async () => {
  const checked = await place.call("check", folder.path, "--json");
  expect(checked.exitCode).toBe(0);
  expect(onlyJson(checked)).toMatchObject({ same: true, status: "pass" });
});

test("A history whose last line was torn by a kill is read, and judged the same; where a report was made from it whole, it was altered.", async () => {
  const tear = (copy: string): void => appendFileSync(join(copy, "history.ndjson"), '{"type":"op.ok","op":1');
  const killed = changed("killed", (copy) => {
    tear(copy);
    // A run that was killed came neither to its report nor to its manifest.
    for (const name of ["report.json", "manifest.json"]) rmSync(join(copy, name));
  });
  const judged = await place.call("check", killed, "--json");
  expect(judged.exitCode).toBe(11);
  expect(onlyJson(judged)).toMatchObject({ same: null, status: "pass" });
  const altered = await place.call("check", changed("torn", tear), "--json");
  expect(altered.exitCode).toBe(12);
  const differences = [
    "history.ndjson is not the one that the report was made from.",
    expect.stringMatching(/^Not as manifest\.json says: history\.ndjson /),
  ];
  expect(onlyJson(altered)).toMatchObject({ same: false, status: "pass", differences });
});

test("A report that says nothing else, and is not as it was sealed, was altered: exit 12.", async () => {
  const renamed = changed("renamed", (copy) =>
    rewrite(join(copy, "report.json"), (text) => text.replace(/("finishedAt": ?")\d{4}/, "$12027")),
  );
  const checked = await place.call("check", renamed, "--json");
  expect(checked.exitCode).toBe(12);
  const differences = [
    "The report is not as it was sealed: it was altered after it was written.",
    expect.stringMatching(/^Not as manifest\.json says: report\.json /),
  ];
  expect(onlyJson(checked)).toMatchObject({ same: false, differences });
});

const improved = (copy: string): void =>
  rewrite(join(copy, "report.json"), (text) =>
    text.replace(/("measure": ?"failover.time"[^}]*?"high": ?)[\d.]+/, "$11"),
  );
const loosened = (copy: string): void =>
  rewrite(join(copy, "plan.json"), (text) => text.replace(/("limit": ?)5000/, "$19000"));
const unreadable = (copy: string): void => rewrite(join(copy, "report.json"), (text) => text.slice(0, -20));
const brokenInTheMiddle = (copy: string): void =>
  rewrite(join(copy, "history.ndjson"), (text) => text.replace("\n", "\nthis is no event\n"));

test.each([
  ["a report with a better number", improved],
  ["a plan with a looser limit", loosened],
  ["a report that was cut off", unreadable],
  ["a history with a foreign line in its middle", brokenInTheMiddle],
])("Evidence that was altered cannot be used: %s gives exit 12.", async (name, change) => {
  const checked = await place.call("check", changed(name.replaceAll(" ", "-"), change), "--json");
  expect(checked.exitCode).toBe(12);
  // What can still be judged is judged, beside the word that the report differs; what cannot be read is an error.
  expect(onlyJson(checked)).toMatchObject(change === improved ? { same: false } : { error: { exitCode: 12 } });
});

test("A history without its acknowledgements shows nothing any more: what passed is unknown.", async () => {
  const silent = changed("silent", (copy) =>
    rewrite(join(copy, "history.ndjson"), (text) => text.replaceAll(/^.*"type":"op\.ok".*\n/gm, "")),
  );
  const checked = await place.call("check", silent, "--json");
  expect(checked.exitCode).toBe(12);
  const { status, verdicts } = onlyJson(checked) as Report;
  expect(status).not.toBe("pass");
  const of = (name: string): string | undefined => verdicts.find(({ check }) => check === name)?.status;
  expect(of("at-risk")).toBe("unknown");
  expect(of("acknowledged-writes")).toBe("unknown");
  expect(of("linearizable")).toBe("unknown");
});
