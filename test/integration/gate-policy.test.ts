import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { chaosFile, performanceFile, seriesRecord } from "../../src/core/contract.ts";
import type { Decision } from "../../src/core/decision.ts";
import { planDigest } from "../../src/core/plan.ts";
import type { Report } from "../../src/core/report.ts";
import { chaosClasses } from "../../src/core/scenario.ts";
import { timeMeasurement } from "../../src/core/track.ts";
import type { Policy } from "../../src/gates/policy.ts";
import { findPolicy } from "../../src/harness-policy.ts";
import { decideFolder, type Deciding } from "../support/decide-folder.ts";
import { baseReport, judgedAgain } from "../support/good-reports.ts";
import { coverage, fileOf, ReportFolder, resealed } from "../support/report-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "policies-"));
afterAll(() => rmSync(folder, { recursive: true }));
// The scenarios of these reports have names of their own; a policy may name those of the catalogue alone.
const scenario = "leader-loss";
let count = 0;

/** The policy that such a text is. */
function policy(text: string): Policy {
  const file = join(folder, `policy-${(count += 1)}.yaml`);
  writeFileSync(file, `name: test\n${text}`);
  return findPolicy(file);
}

/** The good folder in which the leader's runs are of a scenario of the catalogue. */
function good(change: (report: Report, index: number) => Report = (report) => report): ReportFolder {
  const made = new ReportFolder();
  const [series] = made.good("leader_election_failure").series;
  if (series === undefined) throw new Error("the fixture has no series of the leader");
  const reports = series.reports.map((report, index) =>
    change(replanned(report, { scenario: { ...report.plan.scenario, name: scenario } }), index),
  );
  const files = chaosClasses.map((name) =>
    name === "leader_election_failure"
      ? chaosFile(name, [seriesRecord({ ...series, scenario, reports })])
      : made.good(name),
  );
  made.write(
    fileOf("leader_election_failure"),
    JSON.stringify(files.find((one) => one.class === "leader_election_failure")),
  );
  return made.write("reports/performance.json", JSON.stringify(performanceFile(files)));
}

function replanned(report: Report, part: Partial<Report["plan"]>): Report {
  const { digest: _digest, ...plan } = { ...report.plan, ...part };
  return judgedAgain({ ...report, plan: { ...plan, digest: planDigest(plan) } });
}

/** The run in which a leader was replaced after so many ms. */
function failedOver(report: Report, afterMs: number): Report {
  const measurements = report.measurements.map((one) => {
    if (one.measure !== "failover.time" || one.kind !== "measured") return one;
    const [track] = one.tracks ?? [];
    if (track === undefined) return one;
    const atMs = track.from[0] + afterMs;
    return timeMeasurement(
      [
        {
          ...track,
          looks: [
            [atMs - 5, false],
            [atMs, true],
          ],
        },
      ],
      { measure: one.measure, note: one.note, samples: one.samples },
    );
  });
  return judgedAgain({ ...report, measurements });
}

/** The run in which something was lost. */
function failing(report: Report): Report {
  const failed = { check: "linearizable", status: "fail", evidence: [{ text: "lost" }] } as const;
  return judgedAgain({
    ...report,
    verdicts: report.verdicts.map((one) => (one.check === failed.check ? failed : one)),
  });
}

const statusOf = ({ criteria, no_go_triggers: triggers }: Decision, name: string): string | undefined =>
  [...criteria, ...triggers].find(({ criterion }) => criterion === name)?.status;
const decide = (text: string, from = good(), more: Omit<Deciding, "policy"> = {}): Promise<Decision> =>
  decideFolder(from, { policy: policy(text), ...more });
const reasons = ({ blocking_issues: issues }: Decision): readonly string[] =>
  issues.map(({ kind, reason }) => `${kind}: ${reason}`);

describe("Criteria", () => {
  test("hold over every run that should have measured them, and count among those that are met.", async () => {
    const decision = await decide(
      "criteria:\n  uptime: { require: [uptime.ratio >= 99.5%, failover.time < 5s], of: { scenario: leader-loss } }",
    );
    expect(decision).toMatchObject({
      exit_code: 0,
      go_criteria_met: 10,
      go_criteria_total: 10,
      policy: { name: "test" },
    });
    expect(statusOf(decision, "uptime")).toBe("PASS");
  });

  test("that a run breaks are told with the run, by how much, the scenario's line and the command.", async () => {
    const decision = await decide(
      "limits: { failover: 10s }\ncriteria:\n  quick: { require: [failover.time < 5s], of: { class: leader_election_failure } }",
      good((report, index) => (index === 1 ? failedOver(replanned(report, { expectations: [] }), 6000) : report)),
    );
    expect(decision).toMatchObject({
      exit_code: 10,
      recommendation: "NO_GO",
      go_criteria_met: 9,
      go_criteria_total: 10,
    });
    const [issue] = decision.blocking_issues;
    expect(issue).toMatchObject({
      criteria: ["quick"],
      about: "failover.time",
      margin: "over by 20 %",
      scenario,
      variant: "kill",
      repetition: "2 of 2",
      command: expect.stringMatching(/^prism-chaos run /),
    });
  });

  test("of a limit that the scenario asks for name its line.", async () => {
    const { blocking_issues: issues } = await decideFolder(good((report) => failedOver(report, 6000)));
    const { lines, file } = baseReport().plan.source;
    const line = lines["failover.time < 5s"];
    expect(line).toBeGreaterThan(1);
    expect(issues.filter(({ about }) => about === "failover.time")[0]).toMatchObject({
      source: { file, line },
      margin: "over by 20 %",
    });
    const [ofVerdict] = issues.filter(({ field }) => field.includes("/verdicts/"));
    expect(ofVerdict).toMatchObject({
      measured: expect.stringMatching(/^[\d.]+( to 6000)? ms$/),
      required: "failover.time < 5s",
      margin: "over by 20 %",
    });
  });

  test("that nothing tells are inconclusive, and so are those shown by too few runs.", async () => {
    const absent = await decide(
      "criteria:\n  joins: { require: [p2p.connection < 3s], of: { scenario: data-corruption } }",
    );
    expect(reasons(absent)).toEqual([expect.stringMatching(/p2p.connection of .* was not shown: .*nobody joined/)]);
    const nobody = await decide(
      "criteria:\n  joins: { require: [p2p.connection < 3s], of: { scenario: network-partition, variant: half } }",
    );
    expect(reasons(nobody)).toEqual(["inconclusive: nothing tells p2p.connection of what is meant"]);
    const few = await decide(
      "criteria:\n  many: { require: [failover.time < 5s], of: { scenario: leader-loss }, repetitions: 3 }",
    );
    expect([few.exit_code, statusOf(few, "many")]).toEqual([11, "INCONCLUSIVE"]);
    const shown = await decide(
      "criteria:\n  p95: { require: [failover.time < 5s], of: { scenario: leader-loss }, demonstrated: 95% }",
    );
    expect(reasons(shown)).toEqual([
      "inconclusive: failover.time was shown by too few runs: 2 runs that all hold show 22 %",
    ]);
    expect(shown.blocking_issues[0]).toMatchObject({ measured: "2 runs", required: "59 runs" });
  });

  test("can be held against the samples of all runs together.", async () => {
    const pooled = await decide("criteria:\n  p95: { require: [latency.p95 < 2s], over: pooled }");
    expect(statusOf(pooled, "p95")).toBe("PASS");
    const slow = await decide("criteria:\n  p95: { require: [latency.p95 < 1ms], over: pooled }");
    expect(slow.exit_code).toBe(10);
    expect(slow.blocking_issues).toHaveLength(1);
    const few = await decide("criteria:\n  p95: { require: [latency.p95 < 2s], over: pooled, repetitions: 500 }");
    expect(few.exit_code).toBe(11);
    expect(few.blocking_issues).toMatchObject([{ measured: "6 runs", required: "500 runs" }]);
  });

  test("ask for checks by name.", async () => {
    const asked = "criteria:\n  safe: { require: [linearizable holds], of: { scenario: leader-loss } }";
    expect(statusOf(await decide(asked), "safe")).toBe("PASS");
    const lost = good((report) => failing(report));
    expect(statusOf(await decide(asked, lost), "safe")).toBe("FAIL");
    const none = await decide("criteria:\n  safe: { require: [throttles holds] }");
    expect([none.exit_code, statusOf(none, "safe")]).toEqual([11, "INCONCLUSIVE"]);
  });

  test("close to their limit are marginal: they hold, and are told.", async () => {
    const close = good((report) => failedOver(report, 4500));
    const decision = await decideFolder(close);
    expect(decision).toMatchObject({ exit_code: 0, recommendation: "GO", go_criteria_met: 9 });
    expect(statusOf(decision, "failover_time")).toBe("MARGINAL");
    expect(decision.warnings).toEqual(
      ["failover_time is close to its limit: 4488.5 to 4500 ms, required <= 5000 ms"].map(() =>
        expect.stringMatching(/^failover_time is close to its limit: /),
      ),
    );
  });
});

describe("Files of other tools", () => {
  const security = "criteria:\n  security: { require: [vulnerabilities.critical == 0], from: [audit.json] }";
  const audit = (critical: number): string =>
    JSON.stringify({
      auditReportVersion: 2,
      vulnerabilities: Object.fromEntries(
        Array.from({ length: critical }, (_, at) => [`p${at}`, { severity: "critical" }]),
      ),
      metadata: { vulnerabilities: { low: 0, moderate: 0, high: 0, critical } },
    });

  test.each<readonly [string, Readonly<Record<string, string>>, number, string]>([
    ["tell it", { "audit.json": audit(0) }, 0, "PASS"],
    ["break it", { "audit.json": audit(2) }, 10, "FAIL"],
    ["are missing", {}, 11, "INCONCLUSIVE"],
    ["are torn", { "audit.json": audit(0).slice(0, 40) }, 12, "UNUSABLE"],
    ["tell something else", { "audit.json": '{"summary":{"line_coverage":99}}' }, 11, "INCONCLUSIVE"],
  ])("that %s are decided as they must be.", async (_what, files, exitCode, status) => {
    const decision = await decide(security, good(), { files });
    expect([decision.exit_code, statusOf(decision, "security")]).toEqual([exitCode, status]);
    expect(decision.files.includes("audit.json")).toBe(true);
  });

  test("that cannot even be asked for are told with what the system says.", async () => {
    const path = `${"x".repeat(5000)}.json`;
    const decision = await decide(security.replace("audit.json", path), good());
    expect([decision.exit_code, statusOf(decision, "security")]).toEqual([12, "UNUSABLE"]);
    expect(decision.blocking_issues.map(({ measured }) => measured)).toEqual(["ENAMETOOLONG"]);
  });
});

describe("No-go triggers", () => {
  test("that do not fire pass, and are no criteria that are met.", async () => {
    const decision = await decide("noGo:\n  lost: { when: writes.lost > 0 }\n  stale: { when: linearizable fails }");
    expect(decision).toMatchObject({ exit_code: 0, go_criteria_total: 9 });
    expect(decision.no_go_triggers.map(({ criterion, status }) => [criterion, status])).toEqual([
      ["lost", "PASS"],
      ["stale", "PASS"],
    ]);
  });

  test("that fire block, whatever else holds, and are never waived.", async () => {
    const slow = good((report) =>
      failedOver(replanned(report, { expectations: report.plan.expectations.slice(1) }), 4000),
    );
    const text = `noGo:\n  slow: { when: failover.time > 3s, of: { scenario: leader-loss } }\nwaivers: [${waiver()}]`;
    const decision = await decide(text, slow);
    expect([decision.exit_code, statusOf(decision, "slow")]).toEqual([10, "FAIL"]);
    expect(reasons(decision)[0]).toMatch(/^broken: no-go trigger slow: failover.time of /);
  });

  test("that nobody can tell block, too: nothing shows that they did not fire.", async () => {
    const decision = await decide("noGo:\n  joins: { when: p2p.connection > 3s, of: { scenario: data-corruption } }");
    expect([decision.exit_code, statusOf(decision, "joins")]).toEqual([11, "INCONCLUSIVE"]);
  });
});

/** A waiver of the failover of leader-loss that expires so many days after the runs ended. */
function waiver(days = 10, waive = "failover.time", more = ""): string {
  const expires = new Date(new ReportFolder().finishedMs + days * 86_400_000).toISOString().slice(0, 10);
  return `{ waive: ${waive}, scenario: ${scenario}${more}, reason: the election is being mended, owner: "@consensus", issue: "#7", expires: ${expires} }`;
}

describe("Waivers", () => {
  const slow = (): ReportFolder => good((report) => failedOver(report, 6000));

  test("let a broken limit pass for a while, with its real number, and the criterion is not met.", async () => {
    const decision = await decide(`waivers: [${waiver()}]`, slow());
    expect(decision).toMatchObject({ exit_code: 0, recommendation: "GO", go_criteria_met: 7, blocking_issues: [] });
    expect([statusOf(decision, "failover_time"), statusOf(decision, "leader_election_failure")]).toEqual([
      "WAIVED",
      "WAIVED",
    ]);
    expect(decision.waived_issues[0]).toMatchObject({
      measured: expect.stringMatching(/6000|fail/),
      waiver: { owner: "@consensus", issue: "#7" },
    });
    expect(decision.warnings.join("\n")).toMatch(/waived until .* \(@consensus, #7: the election is being mended\)/);
  });

  test.each<readonly [string, string, number, RegExp]>([
    ["has expired", waiver(-1), 12, /has expired; @consensus answers for it/],
    ["holds for too long", waiver(45), 12, /holds for more than 30 days/],
    ["is of another variant", waiver(10, "failover.time", ", variant: cut"), 10, /failover.time/],
    ["is of another measure", waiver(10, "uptime.ratio"), 10, /failover.time/],
    [
      "is of another scenario",
      waiver().replace(`scenario: ${scenario}`, "scenario: data-corruption"),
      10,
      /failover.time/,
    ],
  ])("that %s does not.", async (_what, given, exitCode, reason) => {
    const decision = await decide(`waivers: [${given}]`, slow());
    expect(decision.exit_code).toBe(exitCode);
    expect(reasons(decision).join("\n")).toMatch(reason);
  });

  test("on their last day hold, and until the 30th day from now.", async () => {
    expect(await decide(`waivers: [${waiver(0)}]`, slow())).toMatchObject({ exit_code: 0 });
    expect(await decide(`waivers: [${waiver(30)}]`, slow())).toMatchObject({ exit_code: 0 });
  });

  test("cover no missing evidence, no check of data, and nothing that cannot be believed.", async () => {
    const unmeasured = good((report) =>
      judgedAgain({
        ...report,
        measurements: report.measurements.map((one) =>
          one.measure === "failover.time"
            ? { kind: "not-measured", measure: "failover.time", unit: "ms", reason: "nobody looked" }
            : one,
        ),
      }),
    );
    expect(await decide(`waivers: [${waiver()}]`, unmeasured)).toMatchObject({ exit_code: 11, waived_issues: [] });
    const lost = good((report) => failing(report));
    const whole = `waivers: [${waiver(10, "leader_election_failure")}]`;
    expect(await decide(whole, lost)).toMatchObject({ exit_code: 10, waived_issues: [] });
    const altered = good().set(fileOf("leader_election_failure"), "/series/0/reports/0/traffic/ok", 1);
    expect(await decide(whole, altered)).toMatchObject({ exit_code: 12, waived_issues: [] });
  });

  test("that nothing needs are told.", async () => {
    const decision = await decide(`waivers: [${waiver()}]`);
    expect(decision.exit_code).toBe(0);
    expect(decision.warnings.join()).toMatch(
      /policy-\d+\.yaml:2:11: nothing needs the waiver of failover.time in leader-loss/,
    );
  });
});

describe("Completeness", () => {
  test("is told by what was planned: a repetition that was not run is missing, whatever was found.", async () => {
    const decision = await decide("evidence:\n  expect:\n    leader-loss: { repetitions: 3, variants: [kill, cut] }");
    expect(decision.exit_code).toBe(11);
    expect(reasons(decision)).toEqual([
      "inconclusive: leader-loss kill: repetition 3 of 3 is missing",
      "inconclusive: leader-loss cut: repetition 1, 2, 3 of 3 is missing",
    ]);
    expect(decision.blocking_issues[0]).toMatchObject({
      command: expect.stringMatching(/^prism-chaos run leader-loss --variant kill --repeat 3/),
    });
    expect(await decide("evidence:\n  expect:\n    leader-loss: { repetitions: 2, variants: [kill] }")).toMatchObject({
      exit_code: 0,
    });
  });

  test("can be that of what plan printed, and then the plans must be the same.", async () => {
    const plans = (...all: readonly object[]): Record<string, string> => ({
      "plan.json": JSON.stringify({ plans: all.map((plan) => ({ plan })) }),
    });
    const [first] = chaosOf(good()).series[0]?.reports ?? [];
    if (first === undefined) throw new Error("there is no report");
    const over = (files: Record<string, string>): Promise<Decision> => decide("", good(), { files, plan: "plan.json" });
    expect(await over(plans(first.plan))).toMatchObject({ exit_code: 0 });
    expect(reasons(await over(plans({ ...first.plan, digest: "0".repeat(64) })))).toEqual([
      expect.stringMatching(/was run by another plan$/),
    ]);
    expect(reasons(await over(plans({ ...first.plan, repetition: 9 })))).toEqual([
      expect.stringMatching(/repetition 9 of 1 is missing$/),
    ]);
    expect(await over(plans())).toMatchObject({ exit_code: 12 });
    expect(await over({})).toMatchObject({ exit_code: 11 });
  });

  test("asks that something was at risk, and that faults were in force for long enough.", async () => {
    const risk = await decide("evidence: { acknowledgedDuringFaults: 1000000 }");
    expect(risk.exit_code).toBe(11);
    expect(reasons(risk)[0]).toMatch(/too little was at risk/);
    const force = await decide("evidence: { faultInForce: 1h }");
    expect(reasons(force)[0]).toMatch(/in force for too short a time/);
  });

  test("asks that a load was reached; a rate that was not measured shows none.", async () => {
    const offering = (rate: number, change: (report: Report) => Report = (report) => report) =>
      good((report) => {
        const { plan } = report;
        return change(replanned(report, { workload: { ...plan.workload, ratePerSecond: rate } }));
      });
    const unmeasured = (report: Report): Report => {
      const measurements = report.measurements.map((one) =>
        one.measure === "throughput.rate"
          ? ({ kind: "not-measured", measure: one.measure, unit: one.unit, reason: "too short" } as const)
          : one,
      );
      return judgedAgain({ ...report, measurements });
    };
    const load = policy("evidence: { load: 90% }");
    expect(await decideFolder(offering(1), { policy: load })).toMatchObject({ exit_code: 0 });
    const slow = await decideFolder(offering(100_000), { policy: load });
    expect(reasons(slow)[0]).toMatch(/did not reach the load that its workload offers/);
    const untold = await decideFolder(offering(1, unmeasured), { policy: load });
    expect([untold.exit_code, reasons(untold)[0]]).toEqual([11, expect.stringMatching(/did not show that it reached/)]);
    expect(untold.blocking_issues[0]).toMatchObject({ measured: "not measured: too short" });
  });
});

test("Attempts add up: one that failed beside one that passed is a failure, and both are named.", async () => {
  const attempt = (report: Report, number: number): Report =>
    resealed({ ...report, run: { ...report.run, id: `${report.run.id}-a${number}`, attempt: number } });
  const [first, second] = [
    good((report) => attempt(failedOver(report, 6000), 1)),
    good((report) => attempt(report, 2)),
  ];
  const file = fileOf("leader_election_failure");
  const both = second.write(`reports/attempt-1/chaos_leader_election_failure.json`, first.text(file));
  both.write("reports/attempt-1/performance.json", first.text("reports/performance.json"));
  const decision = await decideFolder(both);
  expect(decision.exit_code).toBe(10);
  const mixed = reasons(decision).filter((reason) => reason.includes("what passes only sometimes is broken"));
  expect(mixed).toHaveLength(2);
  expect(mixed[0]).toMatch(/failed in attempt 1 \(.*\) and passed in attempt 2 /);
});

test("The policy that comes with the package is read, and asks for what the spec of a release asks for.", async () => {
  const decision = await decideFolder(good(), { policy: findPolicy("release") });
  expect(decision.criteria.map(({ criterion }) => criterion).slice(9)).toEqual([
    "throughput",
    "security",
    "uptime",
    "api",
    "suites",
    "audit",
  ]);
  expect(decision.no_go_triggers.map(({ criterion }) => criterion)).toEqual([
    "security-finding",
    "too-slow",
    "data-lost",
    "data-corrupted",
    "api-broken",
    "down",
  ]);
  expect([decision.exit_code, decision.recommendation, statusOf(decision, "throughput")]).toEqual([
    11,
    "CONTINUE_VALIDATION",
    "PASS",
  ]);
  expect(JSON.stringify(decision)).not.toContain(folder);
});

function chaosOf(from: ReportFolder): ReturnType<ReportFolder["good"]> {
  return JSON.parse(from.text(fileOf("leader_election_failure"))) as ReturnType<ReportFolder["good"]>;
}

test("The coverage of other tools counts as the contract's own.", async () => {
  const lcov = Array.from({ length: 100 }, (_, line) => `DA:${line + 1},${line < 96 ? 1 : 0}`).join("\n");
  const from = good().write(coverage, `TN:\nSF:a.js\n${lcov}\nend_of_record\n`);
  const decision = await decideFolder(from);
  expect(decision.criteria.find(({ criterion }) => criterion === "line_coverage")).toMatchObject({
    measured: "96 %",
    status: "PASS",
  });
});
