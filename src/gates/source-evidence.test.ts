import { describe, expect, test } from "vitest";
import type { Measurement } from "../core/measurement.ts";
import { coverageEvidence } from "./coverage-evidence.ts";
import { sourceEvidence } from "./source-evidence.ts";
import { quantities } from "./sources/index.ts";

const read = (text: string | null, problem = "") => sourceEvidence({ file: "report.x", text, problem }, ["a"]);
/** Low and high of each quantity that a text tells. */
const told = (text: string): Readonly<Record<string, readonly [number, number]>> =>
  Object.fromEntries(
    read(text).measurements.flatMap((one: Measurement) =>
      one.kind === "measured" ? [[one.measure, [one.low, one.high]]] : [],
    ),
  );
const refused = (text: string | null, problem = ""): readonly (readonly [string, string])[] =>
  read(text, problem).findings.map(({ kind, field }) => [kind, field]);

const audit = (vulnerabilities: object, counts: object): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities,
    metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, ...counts } },
  });
const sarif = (results: readonly object[], rules: readonly object[] = [], more: object = {}): string =>
  JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "x", rules } }, results, ...more }] });
const rule = (id: string, score: string): object => ({ id, properties: { "security-severity": score } });
const bom = (vulnerabilities: readonly object[] | undefined): string =>
  JSON.stringify({ bomFormat: "CycloneDX", components: [], vulnerabilities });
const cells = (...compatible: readonly (boolean | null)[]): string =>
  JSON.stringify({
    matrix: "api",
    cells: compatible.map((one, index) => ({ operation: `GET /${index}`, failure: "timeout", compatible: one })),
  });

describe("Vulnerabilities", () => {
  test("of npm audit are counted entry by entry.", () => {
    const text = audit(
      { a: { severity: "critical" }, b: { severity: "high" }, c: { severity: "high" }, d: { severity: "info" } },
      { critical: 1, high: 2, info: 1 },
    );
    expect(told(text)).toMatchObject({
      "vulnerabilities.critical": [1, 1],
      "vulnerabilities.high": [2, 2],
      "vulnerabilities.low": [0, 0],
    });
    expect(told(audit({}, {}))).toMatchObject({ "vulnerabilities.critical": [0, 0] });
  });

  test("of npm audit whose summary says otherwise, or that broke off, are not believed.", () => {
    expect(refused(audit({ a: { severity: "critical" } }, {}))).toEqual([
      ["unusable", "/metadata/vulnerabilities/critical"],
    ]);
    expect(refused('{"auditReportVersion":2,"error":{"code":"ENOAUDIT"}}')).toEqual([
      ["unusable", "/metadata/vulnerabilities"],
    ]);
  });

  test("of SARIF count by the score of their rule; notes without a score, suppressed and absent ones do not.", () => {
    const rules = [rule("a", "9.8"), rule("b", "7.0"), rule("c", "0.1"), { id: "d" }];
    const results = [
      { ruleId: "a" },
      { ruleId: "b" },
      { ruleIndex: 2 },
      { ruleId: "d", level: "note" },
      { ruleId: "a", kind: "pass", level: "none" },
      { ruleId: "a", suppressions: [{ kind: "external", status: "accepted" }] },
      { ruleId: "a", baselineState: "absent" },
    ];
    expect(told(sarif(results, rules))).toEqual({
      "vulnerabilities.critical": [1, 1],
      "vulnerabilities.high": [1, 1],
      "vulnerabilities.moderate": [0, 0],
      "vulnerabilities.low": [1, 1],
    });
    const [note, ...suppressed] = [
      { ruleId: "a", level: "note" },
      ...["rejected", "underReview"].map((status) => ({ ruleId: "a", suppressions: [{ kind: "external", status }] })),
    ];
    for (const one of [note, ...suppressed])
      expect(told(sarif([one], rules))).toMatchObject({ "vulnerabilities.critical": [1, 1] });
  });

  test("without a severity may be of any: nobody can say that none is critical.", () => {
    expect(told(sarif([{ ruleId: "z" }]))).toMatchObject({ "vulnerabilities.critical": [0, 1] });
    expect(told(sarif([{ ruleId: "z" }], [rule("z", "")]))).toMatchObject({ "vulnerabilities.critical": [0, 1] });
    expect(told(bom([{ id: "CVE-1" }]))).toMatchObject({ "vulnerabilities.critical": [0, 1] });
  });

  test("of SARIF without a run, without results, or of a tool that failed, are none.", () => {
    expect(refused('{"version":"2.1.0","runs":[]}')).toEqual([["inconclusive", "/runs"]]);
    expect(refused('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}]}')).toEqual([
      ["unusable", "/runs/0/results"],
    ]);
    expect(refused(sarif([], [], { invocations: [{ executionSuccessful: false }] }))).toEqual([
      ["unusable", "/runs/0/invocations"],
    ]);
  });

  test("of CycloneDX count by the worst rating, but for those that its analysis settled.", () => {
    const open = [
      { ratings: [{ severity: "low" }, { severity: "critical" }] },
      { ratings: [{ severity: "medium" }], analysis: { state: "exploitable" } },
      { ratings: [{ severity: "critical" }], analysis: { state: "not_affected" } },
      { ratings: [{ severity: "low" }, { severity: "unknown", score: 9.9, method: "CVSSv31" }] },
      { ratings: [{ score: 9.9 }] },
      { ratings: [{ severity: "low" }, { score: 9.9, method: "OWASP" }] },
    ];
    expect(told(bom(open))).toMatchObject({ "vulnerabilities.critical": [3, 3], "vulnerabilities.moderate": [1, 1] });
    expect(told(bom([]))).toMatchObject({ "vulnerabilities.critical": [0, 0] });
    expect(refused(bom(undefined))).toEqual([["inconclusive", "/vulnerabilities"]]);
  });
});

describe("JUnit", () => {
  const suite = (attributes: string, body: string): string =>
    `<?xml version="1.0"?><testsuites><testsuite name="a" ${attributes}>${body}</testsuite></testsuites>`;

  test("is counted case by case.", () => {
    const body =
      '<testcase name="1"/><testcase name="2"><failure/></testcase><testcase name="3"><skipped/></testcase><testcase name="4"><error/></testcase>';
    expect(told(suite('tests="4" failures="1" errors="1"', body))).toEqual({
      "suites.failed": [2, 2],
      "suites.passed": [1, 1],
    });
  });

  test("whose suites say otherwise is not believed; one in which nothing was run says nothing.", () => {
    expect(refused(suite('failures="0"', '<testcase name="1"><failure/></testcase>'))).toEqual([["unusable", ""]]);
    expect(refused(suite("", ""))).toEqual([["inconclusive", ""]]);
    expect(refused(suite("", '<testcase name="1"><skipped/></testcase>'))).toEqual([["inconclusive", ""]]);
    expect(refused("<testsuites><testsuite>")).toEqual([["unusable", ""]]);
    expect(refused(suite("", '<testcase name="1" status="notrun"/>'))).toEqual([["inconclusive", ""]]);
  });

  const one = '<testcase name="1"/>';
  test.each([
    ["a suite that broke before its first case", `<testsuite>${one}</testsuite><testsuite tests="0" errors="1"/>`],
    ["errors alone", `<testsuite errors="1">${one}</testsuite>`],
    [
      "one suite that says nothing beside one that says more",
      `<testsuite>${one}</testsuite><testsuite failures="2">${one}</testsuite>`,
    ],
    ["more cases than there are", `<testsuite tests="100" failures="0">${one}</testsuite>`],
    ["no number", `<testsuite tests="1" failures="none">${one}</testsuite>`],
  ])("that tells of %s is not believed.", (_, body) => {
    expect(refused(`<testsuites>${body}</testsuites>`)).toEqual([["unusable", ""]]);
  });

  test("whose root tells of more failures than its cases is not believed; suites may count what lies below them or not.", () => {
    expect(refused(`<testsuites failures="3"><testsuite>${one}</testsuite></testsuites>`)).toEqual([["unusable", ""]]);
    const inner = `<testsuite tests="1" failures="1"><testcase><failure/></testcase></testsuite>`;
    for (const [tests, failures] of [
      [1, 0],
      [2, 1],
    ]) {
      const outer = `<testsuite tests="${tests}" failures="${failures}">${one}${inner}</testsuite>`;
      expect(told(`<testsuites>${outer}</testsuites>`)).toMatchObject({ "suites.failed": [1, 1] });
    }
  });
});

describe("An API matrix", () => {
  test("is the share of its compatible cells; what was not tried may be either.", () => {
    expect(told(cells(true, true, true, false))).toEqual({ "api.compatibility": [0.75, 0.75] });
    expect(told(cells(true, null))).toEqual({ "api.compatibility": [0.5, 1] });
  });

  test("without a cell says nothing, and with one twice contradicts itself.", () => {
    expect(refused('{"matrix":"api","cells":[]}')).toEqual([["inconclusive", "/cells"]]);
    expect(refused('{"matrix":"api"}')).toEqual([["unusable", "/cells"]]);
    const cell = '{"operation":"GET /","failure":"timeout","compatible":true}';
    expect(refused(`{"matrix":"api","cells":[${cell},${cell}]}`)).toEqual([["unusable", "/cells/1"]]);
    expect(refused('{"matrix":"api","cells":[{"operation":"GET /","failure":"x","compatible":"yes"}]}')).toEqual([
      ["unusable", "/cells/0"],
    ]);
  });
});

describe("Coverage", () => {
  const percent = (text: string) => {
    const { percent: found, findings } = coverageEvidence({ file: "coverage.x", text, problem: "" }, "reports");
    return found ?? findings.map(({ kind }) => kind);
  };
  const lines = (total: number, covered: number, pct: unknown): string =>
    JSON.stringify({ total: { lines: { total, covered, skipped: 0, pct } } });
  const lcov = (...records: readonly string[]): string =>
    records.map((one) => `TN:\nSF:a.js\n${one}\nend_of_record\n`).join("");
  const cobertura = (rate: string, ...hits: readonly number[]): string =>
    `<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "x.dtd"><coverage line-rate="${rate}"><packages><package><classes><class><methods><method><lines><line hits="9"/></lines></method></methods><lines>${hits.map((one, at) => `<line number="${at}" hits="${one}"/>`).join("")}</lines></class></classes></package></packages></coverage>`;

  test("is read from what four tools write, each counted again.", () => {
    expect(percent('{"summary":{"line_coverage":95.5}}')).toBe(95.5);
    expect(percent(lines(1000, 955, 95.5))).toBe(95.5);
    expect(percent(lcov("DA:1,5\nDA:2,0\nLF:2\nLH:1", "DA:1,1\nDA:2,1"))).toBe(75);
    expect(percent(cobertura("0.75", 1, 2, 3, 0))).toBe(75);
    for (const text of ['{"summary":{"line_coverage":95.5}}', lines(1000, 955, 95.5), cobertura("0.75", 1, 2, 3, 0)])
      expect(percent(`\uFEFF${text}`)).toBe(percent(text));
    const map = {
      "/a.js": {
        path: "/a.js",
        statementMap: { 0: { start: { line: 1 } }, 1: { start: { line: 1 } }, 2: { start: { line: 2 } } },
        s: { 0: 0, 1: 3, 2: 0 },
        fnMap: {},
        f: {},
      },
    };
    expect(percent(JSON.stringify(map))).toBe(50);
  });

  test.each<readonly [string, string, string]>([
    ["Istanbul knows of no line", lines(0, 0, "Unknown"), "inconclusive"],
    ["Istanbul's percentage is another", lines(10, 5, 99), "unusable"],
    ["Istanbul covers more than there is", lines(10, 11, 110), "unusable"],
    ["LCOV has no line", "TN:\nSF:a.js\nend_of_record\n", "inconclusive"],
    ["LCOV says other sums", lcov("DA:1,0\nLF:1\nLH:1"), "unusable"],
    ["LCOV is a part", "TN:\nSF:a.js\nDA:1,1\n", "unusable"],
    ["LCOV runs more lines than it has", lcov("LF:10\nLH:20"), "unusable"],
    ["LCOV has fewer lines than none", lcov("LF:-10\nLH:-10"), "unusable"],
    ["LCOV has a number that is none", lcov("LF:1e999\nLH:1e999"), "unusable"],
    ["LCOV has hits that are none", lcov("DA:1,many"), "unusable"],
    ["LCOV lost the end of a record", `SF:b.js\nDA:1,0\n${lcov("DA:1,1")}`, "unusable"],
    ["Cobertura has no line", cobertura("1"), "inconclusive"],
    ["Cobertura's rate is another", cobertura("1", 0, 0), "unusable"],
    ["Cobertura is a part", '<?xml version="1.0"?><coverage line-rate="1">', "unusable"],
    ["it is another tool's JSON", '{"hello":"world"}', "inconclusive"],
    ["it is a page", "<html></html>", "unusable"],
  ])("is none where %s.", (_what, text, kind) => {
    expect(percent(text)).toEqual([kind]);
  });
});

test.each<readonly [string, string | null, string, string]>([
  ["missing", null, "ENOENT", "inconclusive"],
  ["not to be read", null, "EACCES", "unusable"],
  ["empty", "", "", "unusable"],
  ["half a JSON document", '{"auditReportVersion":2,', "", "unusable"],
  ["of no known format", '{"hello":"world"}', "", "unusable"],
  ["a line of text", "all good", "", "unusable"],
])("A file that is %s tells nothing, and is told.", (_what, text, problem, kind) => {
  expect(refused(text, problem)).toEqual([[kind, ""]]);
  expect(read(text, problem).measurements).toEqual([]);
});

test("Every quantity that a policy may name is told by a file of some format.", () => {
  const texts = [
    audit({}, {}),
    '<testsuite><testcase name="1"/></testsuite>',
    cells(true),
    '{"summary":{"line_coverage":1}}',
  ];
  const names = texts.flatMap((text) => Object.keys(told(text)));
  expect(Object.keys(quantities).filter((name) => !names.includes(name))).toEqual([]);
});
