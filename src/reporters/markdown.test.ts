import { expect, test } from "vitest";
import type { Decision, Finding } from "../core/decision.ts";
import {
  brokenOffRun,
  goodRun,
  hostile,
  repeated,
  runWith,
  slowRun,
  unknownRun,
} from "../../test/support/reported-runs.ts";
import { decisionMarkdown } from "./decision-markdown.ts";
import { longestSummaryBytes, markdown } from "./markdown.ts";
import type { ReportedRun } from "./reported.ts";

test.each<readonly [string, readonly ReportedRun[], string]>([
  ["no run", [], "**UNKNOWN**: no run was found, so that nothing was shown."],
  ["a good run", [goodRun()], "**PASS**: 1 of 1 runs passed."],
  ["a broken one", [goodRun(), slowRun()], "**FAIL**: 1 of 2 runs passed; 1 broken."],
  ["what was not shown", [unknownRun()], "**UNKNOWN**: 0 of 1 runs passed; 1 not shown."],
  ["a run that was broken off", [goodRun(), brokenOffRun()], "**UNKNOWN**: 1 of 2 runs passed; 1 not judged."],
  ["what was left", [{ ...goodRun(), residue: ["n1"] }], "**UNKNOWN**: 1 of 1 runs passed; 1 left something behind."],
])("Of %s the decision stands in the first line.", (_what, runs, line) => {
  expect(markdown(runs).split("\n")[0]).toBe(line);
});

/** The row of the table in which a text stands. */
function rowOf(text: string, word: string): string {
  return text.split("\n").find((line) => line.startsWith("<tr><td>") && line.includes(word)) ?? "";
}

test("A criterion that broke is a row with its worst value, limit, margin, how many of how many, and the line that asks for it.", () => {
  const slower = slowRun();
  const runs = [goodRun(), repeated(slower, 2), repeated(goodRun(), 3)];
  const text = markdown(runs);
  const { source } = slower.report.plan;
  const row = rowOf(text, "failover.time &lt; 5s");
  expect(text.indexOf("What did not hold")).toBeLessThan(text.indexOf("failover.time"));
  expect(row).toContain(`${source.file}:${source.lines["failover.time < 5s"]}`);
  expect(row).toContain("6.20 s to 6.21 s");
  expect(row).toContain("&lt; 5.00 s");
  expect(row).toContain("over the limit by 1.21 s (24.28 %)");
  expect(row).toContain("<td>1 of 3</td><td>FAIL</td>");
});

test("A run that was broken off has a row with the reason, and its command stands below.", () => {
  const text = markdown([goodRun(), brokenOffRun()]);
  expect(rowOf(text, "n2 did not start")).toContain("broken off");
  expect(text).toContain("### What was not judged");
  expect(text.slice(text.indexOf("<pre>"))).toContain(brokenOffRun().reproduce);
});

/** A finding of the gate. */
function finding(more: Partial<Finding> = {}): Finding {
  const place = { file: "reports/chaos_data_corruption.json", field: "/seal", command: "prism-chaos run x" };
  const said = { reason: "altered", measured: "a", required: "b" };
  return { kind: "unusable", criteria: ["data_corruption"], ...place, ...said, ...more };
}

/** A decision against which these findings stand. */
function decision(issues: readonly Finding[]): Decision {
  return {
    version: 1,
    recommendation: issues.length === 0 ? "GO" : "NO_GO",
    exit_code: issues.length === 0 ? 0 : 12,
    decided_at: "2026-11-20T14:15:03Z",
    go_criteria_met: 8,
    go_criteria_total: 9,
    readiness_percentage: 88.88,
    limits: {
      coverage_threshold: 95,
      failover_sla_ms: 5000,
      p2p_connection_sla_ms: 3000,
      conflict_resolution_sla_ms: 2000,
    },
    criteria: [{ criterion: "coverage", status: "PASS", file: "c.json", measured: "96 %", required: ">= 95 %" }],
    policy: null,
    no_go_triggers: [],
    waived_issues: [],
    warnings: [],
    blocking_issues: issues,
    files: [],
  };
}

test("The gate's decision stands in the first line, each reason in a row with its place in the scenario.", () => {
  const text = decisionMarkdown(decision([finding({ source: { file: "scenarios/x.yaml", line: 12 } })]));
  expect(text.split("\n")[0]).toBe("**NO_GO**: 8 of 9 criteria met (88.88 %); 1 reason against it.");
  expect(rowOf(text, "altered")).toContain("scenarios/x.yaml:12");
  expect(decisionMarkdown(decision([])).split("\n")[0]).toBe("**GO**: 8 of 9 criteria met (88.88 %).");
});

test("What is waived stands with its real number, its reason, owner and end; warnings are told as well.", () => {
  const waiver = { waive: "x", reason: "cold start", owner: "net", issue: "412", expires: "2026-12-15" };
  const waived = { ...finding({ kind: "broken", measured: "3410 ms", required: "<= 3000 ms" }), waiver };
  const text = decisionMarkdown({ ...decision([]), waived_issues: [waived], warnings: ["close to its limit"] });
  for (const word of ["3410 ms", "cold start", "net, 412", "2026-12-15"])
    expect(rowOf(text, "cold start")).toContain(word);
  expect(text).toContain("close to its limit");
});

test("What a system under test says becomes no markup, no mention and no line of its own.", () => {
  const said = runWith([{ check: "linearizable", status: "fail", evidence: [{ text: hostile }] }]);
  for (const text of [
    markdown([said, brokenOffRun(hostile), { ...goodRun(), residue: [hostile] }]),
    decisionMarkdown(decision([finding({ reason: hostile, measured: hostile, file: hostile })])),
  ]) {
    expect(text).not.toMatch(/<script|<b>|^\s*::|##\[/m);
    // eslint-disable-next-line no-control-regex -- A terminal or a reader might act on them.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    // Outside of code somebody would be called.
    expect(text.replaceAll(/<code>[^<]*<\/code>|<pre>[^]*<\/pre>/g, "")).not.toMatch(/@team|`|#1\b/);
    expect(text).toContain("&lt;script&gt;");
  }
});

test("Ten thousand rows are cut at 64 KiB, and a line says how many are missing.", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => repeated(unknownRun(`reason ${index}`), index + 1, 10_000));
  const left = many.map((run, index) => ({ ...run, residue: [`process ${index}`] }));
  const text = markdown(left);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestSummaryBytes);
  expect(text.split("\n")[0]).toContain("0 of 10000 runs passed; 10000 not shown");
  const [, omitted, of] = /\*\*(\d+) of (\d+) rows omitted\*\*/.exec(text) ?? [];
  const shown = text.split("\n").filter((line) => /^<tr>.*process \d+</.test(line)).length;
  expect(Number(of)).toBe(10_000);
  expect(Number(omitted) + shown).toBe(10_000);
  expect(text).toMatch(/\*\*10000 of 10000 runs omitted\*\*/);
  const issues = Array.from({ length: 10_000 }, (_, index) => finding({ reason: `reason ${index} ünïcödé` }));
  const decided = decisionMarkdown(decision(issues));
  expect(Buffer.byteLength(decided)).toBeLessThanOrEqual(longestSummaryBytes);
  expect(decided).toMatch(/\*\*\d+ of 10000 reasons omitted\*\*/);
});

test("A table that is cut is closed all the same.", () => {
  const many = Array.from({ length: 2000 }, (_, index) => repeated(unknownRun(`reason ${index}`), index + 1, 2000));
  const text = markdown(many, 8192);
  for (const tag of ["table", "details", "pre"]) {
    expect(text.split(`<${tag}>`).length).toBe(text.split(`</${tag}>`).length);
  }
});
