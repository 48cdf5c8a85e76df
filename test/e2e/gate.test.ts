import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Decision } from "../../src/core/decision.ts";
import { sealed } from "../../src/core/report.ts";
import { type Ended, onlyJson, Workplace } from "../support/command-line.ts";
import { baseReport } from "../support/good-reports.ts";
import { coverage, ReportFolder } from "../support/report-folder.ts";

const place = new Workplace();
afterAll(() => place[Symbol.asyncDispose]());

/** The good fixture as if its runs had just ended. */
function fresh(): ReportFolder {
  const { seal: _seal, ...report } = baseReport();
  const now = new Date().toISOString();
  return new ReportFolder(sealed({ ...report, run: { ...report.run, startedAt: now, finishedAt: now } }));
}

let count = 0;
/** Calls the gate in a folder in which these files lie. */
async function gate(folder: ReportFolder, ...words: readonly string[]): Promise<Ended & { readonly root: string }> {
  const root = join(place.folder, `gate-${(count += 1)}`);
  folder.save(root);
  return { ...(await place.callIn({ cwd: root }, "gate", ...words)), root };
}

const decisionIn = (root: string, file = "reports/decision.json"): Decision =>
  JSON.parse(readFileSync(join(root, file), "utf8")) as Decision;

test("A good folder is a GO: exit 0, in words and in the decision file.", async () => {
  const { exitCode, stdout, root } = await gate(fresh());
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^GO: 9 of 9 criteria met \(100 %\)\nexit 0 \(pass\)$/m);
  expect(decisionIn(root)).toMatchObject({ recommendation: "GO", go_criteria_met: 9, blocking_issues: [] });
});

test("A broken limit is exit 10, with --json exactly one document, which is the decision file's.", async () => {
  const ended = await gate(fresh(), "--failover-sla", "100ms", "--json");
  expect(ended.exitCode).toBe(10);
  const decision = onlyJson(ended) as Decision;
  expect(decision).toEqual(decisionIn(ended.root));
  expect(decision).toMatchObject({ recommendation: "NO_GO", exit_code: 10, limits: { failover_sla_ms: 100 } });
  expect(decision.blocking_issues[0]).toMatchObject({
    file: "reports/chaos_leader_election_failure.json",
    field: expect.stringMatching(/^\/series\/0\/reports\/0\/measurements\/\d+\/high$/),
    required: "<= 100 ms",
    command: expect.stringMatching(/^prism-chaos run leader-election-failure /),
  });
});

test("What is missing is exit 11, and says which command makes it.", async () => {
  const { exitCode, stdout } = await gate(fresh().drop("reports/chaos_network_partition.json"));
  expect(exitCode).toBe(11);
  expect(stdout).toContain("INCONCLUSIVE  reports/chaos_network_partition.json");
  expect(stdout).toContain("again  prism-chaos run network_partition");
  expect(stdout).toContain("CONTINUE_VALIDATION: ");
});

test("A folder that is not there has nothing in it: exit 11.", async () => {
  const { exitCode, root } = await gate(fresh(), "elsewhere");
  expect(exitCode).toBe(11);
  expect(decisionIn(root, "elsewhere/decision.json").blocking_issues.length).toBeGreaterThan(5);
});

test("Evidence that was altered is exit 12; the stored fixture, by now stale, is too.", async () => {
  const file = "reports/chaos_data_corruption.json";
  const altered = await gate(fresh().set(file, "/series/0/reports/0/status", "unknown"));
  expect(altered.exitCode).toBe(12);
  expect(altered.stdout).toContain(`UNUSABLE  ${file} /series/0/reports/0/status`);
  const stale = { ...baseReport().run, startedAt: "2020-01-01T00:00:00.000Z", finishedAt: "2020-01-01T00:00:00.000Z" };
  const { seal: _seal, ...report } = baseReport();
  expect((await gate(new ReportFolder(sealed({ ...report, run: stale })))).exitCode).toBe(12);
});

test.each([
  [["--failover-sla", "5"], "--failover-sla", "5s"],
  [["--coverage-threshold", "many"], "--coverage-threshold", "at most 100"],
  [["--coverage-threshold", "0.95"], "did you mean 95?", "at most 100"],
  [["--decision", coverage], "is no decision", "another file"],
  [["--decision", ""], "--decision is empty", "leave it away"],
  [[""], "FOLDER is empty", "leave it away"],
  [["--class", "network_partition"], "--class", "--help"],
  [[coverage], "is a file", "prism-chaos gate reports"],
])("A wrong call, %j, is exit 64 with the fix, and decides nothing.", async (words, what, fix) => {
  const { exitCode, stdout, stderr } = await gate(fresh(), ...words);
  expect(exitCode).toBe(64);
  expect(stdout).toBe("");
  expect(stderr).toContain(what);
  expect(stderr).toContain(fix);
});

test("A GO that cannot be written down is no GO: exit 69.", async () => {
  const folder = fresh().write("reports/decision.json", '{"recommendation":"GO"}').write("blocked", "a file");
  const { exitCode, stdout } = await gate(folder, "--decision", "blocked/decision.json");
  expect(exitCode).toBe(69);
  expect(stdout).toContain("could not be written to blocked/decision.json");
});

test("A decision goes where it is told, and replaces the one before.", async () => {
  const folder = fresh().drop(coverage).write("out.json", '{"recommendation":"GO"}');
  const { exitCode, root } = await gate(folder, "--decision", "out.json");
  expect(exitCode).toBe(11);
  expect(decisionIn(root, "out.json").recommendation).toBe("CONTINUE_VALIDATION");
});

let ran: Ended;
beforeAll(async () => {
  ran = await place.startRun("leader-loss", "--variant", "kill", "--nodes", "3", "--seed", "gate").ended;
});

test("What `run` wrote just now is believed: its class and its failover pass, and only what was never run is missing.", async () => {
  expect(ran.exitCode).toBe(0);
  mkdirSync(join(place.folder, "coverage"));
  writeFileSync(join(place.folder, coverage), '{"summary":{"line_coverage":97}}');
  const ended = await place.callIn({ cwd: place.folder }, "gate", "--json");
  const decision = onlyJson(ended) as Decision;
  expect(ended.exitCode).toBe(11);
  const passed = decision.criteria.filter(({ status }) => status === "PASS").map(({ criterion }) => criterion);
  expect(passed).toEqual(["leader_election_failure", "failover_time", "line_coverage"]);
  expect(new Set(decision.blocking_issues.map(({ kind }) => kind))).toEqual(new Set(["inconclusive"]));
});

test("A history that was altered after the run makes its class unusable.", async () => {
  const [run] = place.runs();
  if (run === undefined) throw new Error("there is no run");
  const history = join(run.path, "history.ndjson");
  writeFileSync(history, readFileSync(history, "utf8").replace('"ok"', '"OK"'));
  const ended = await place.callIn({ cwd: place.folder }, "gate", "--json");
  expect(ended.exitCode).toBe(12);
  const { blocking_issues: issues } = onlyJson(ended) as Decision;
  expect(issues[0]).toMatchObject({ kind: "unusable", file: `reports/${run.run}/history.ndjson` });
  rmSync(join(place.folder, "coverage"), { recursive: true });
});

test("A policy asks for more by its name or file; a flag overrides its figures; one that is not valid decides nothing, with file and line.", async () => {
  const asked = await gate(fresh(), "--policy", "release", "--json");
  expect(asked.exitCode).toBe(11);
  expect(onlyJson(asked)).toMatchObject({
    policy: { name: "release", file: "policies/release.yaml" },
    go_criteria_total: 15,
  });
  const folder = fresh().write("policy.yaml", "name: strict\nlimits: { failover: 100ms }\n");
  expect((await gate(folder, "--policy", "policy.yaml")).exitCode).toBe(10);
  expect((await gate(folder, "--policy", "policy.yaml", "--failover-sla", "5s")).exitCode).toBe(0);
  const wrong = await gate(
    fresh().write("policy.yaml", "name: strict\nlimits: { failovr: 1s }\n"),
    "--policy",
    "policy.yaml",
  );
  expect([wrong.exitCode, wrong.stdout]).toEqual([12, ""]);
  expect(wrong.stderr).toMatch(/policy\.yaml:2:11: unknown key "failovr" \(did you mean failover\?\)/);
  expect(existsSync(join(wrong.root, "reports", "decision.json"))).toBe(false);
  const missing = await gate(fresh(), "--policy", "releese");
  expect(missing.exitCode).toBe(64);
  expect(missing.stderr).toMatch(/there is no policy "releese" \(did you mean release\?\)/);
});

test("A reason says by how much, which repetition, the scenario's line, and the command for just that.", async () => {
  const { stdout } = await gate(fresh(), "--failover-sla", "100ms");
  expect(stdout).toMatch(
    /required <= 100 ms: over by \d+ %\n +leader-election-failure · kill, repetition 1 of 2, asked for in \S+\.yaml:\d+\n +again {2}prism-chaos run /,
  );
});

test("`--self-test` says of each kind how many mutants were blocked, as text and as one JSON document, and writes no decision.", async () => {
  const { exitCode, stdout, root } = await gate(fresh(), "--self-test");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Evidence: reports$/m);
  const [, blocked, all, kinds] = /^(\d+) of (\d+) mutants of (\d+) kinds were blocked$/m.exec(stdout) ?? [];
  expect([blocked, Number(kinds) >= 40]).toEqual([all, true]);
  expect(existsSync(join(root, "reports", "decision.json"))).toBe(false);
}, 300_000);
