import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import {
  brokenOffRun,
  goodRun,
  hostile,
  repeated,
  reportedCases,
  runWith,
  slowRun,
  unknownRun,
} from "../../test/support/reported-runs.ts";
import { junit } from "./junit.ts";

const schema = readFileSync(join(import.meta.dirname, "..", "..", "test", "support", "junit.xsd"), "utf8");

/** What a reader of the format says against a document; empty for a valid one. */
async function problems(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: "junit.xml", contents: xml }, schema });
  return errors.map(({ message }) => message);
}

/** The text of the case of this name. */
function caseOf(xml: string, name: string): string {
  const at = xml.indexOf(`<testcase name="${name}"`);
  const end = xml.indexOf("<testcase", at + 1);
  return at < 0 ? "" : xml.slice(at, end < 0 ? undefined : end);
}

const failing = slowRun();
const { source } = failing.report.plan;

test.each(reportedCases)("Of %s it is valid, and counts what it holds.", async (_what, runs, failures, errors) => {
  const xml = junit(runs);
  expect(await problems(xml)).toEqual([]);
  expect(/<testsuites name="prism-chaos" tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(xml)?.slice(2)).toEqual([
    String(failures),
    String(errors),
  ]);
  expect(xml.match(/<failure/g)?.length ?? 0).toBe(failures);
  expect(xml.match(/<error/g)?.length ?? 0).toBe(errors);
  expect(xml.match(/<testcase/g)?.length).toBe(Number(/tests="(\d+)"/.exec(xml)?.[1]));
  expect(xml).not.toContain("<skipped");
});

test("The validator refuses what the format does not know, so that its silence says something.", async () => {
  expect(await problems(junit([goodRun()]).replace("<testcase ", '<testcase colour="red" '))).toHaveLength(1);
  expect(await problems(junit([goodRun()]).replace("</testsuites>", ""))).not.toEqual([]);
  expect(await problems(junit([goodRun()]).replace("leader-loss.kill", "\u0001"))).not.toEqual([]);
});

test("The body of a failure has what was measured and required, by how much, where, and how to see it again.", () => {
  const told = caseOf(junit([repeated(failing, 2)]), "failover.time &lt; 5s [2]");
  expect(told).toContain(`file="${source.file}" line="${source.lines["failover.time < 5s"]}"`);
  const body = told.slice(told.indexOf("broken"), told.indexOf("</failure>"));
  expect(body).toContain("measured: 6.20 s to 6.21 s");
  expect(body).toContain("required: &lt; 5.00 s");
  expect(body).toContain("by: over the limit by 1.21 s (24.28 %)");
  expect(body).toContain("repetition: 2 of 5, run run-2");
  expect(body).toContain(`scenario: ${source.file}:${source.lines["failover.time < 5s"]}`);
  expect(body).toContain("reproduce: prism-chaos run leader-loss --variant kill");
});

test("What was not shown is an error with the reason in its body, on the line of that check.", () => {
  const told = caseOf(junit([unknownRun()]), "linearizable");
  expect(told).toContain(`line="${source.lines["linearizable"]}"`);
  expect(told).toMatch(/<error message="[^"]*" type="unknown">[^]*not shown: the search took too long[^]*<\/error>/);
});

test("A run that was broken off is a case of its own, and never among those that passed.", () => {
  const told = caseOf(junit([goodRun(), brokenOffRun()]), "the run is carried through [2]");
  expect(told).toContain('type="not-judged"');
  expect(told).toContain("n2 did not start");
});

test("The cases of a run together take as long as it did, and its suite says seed, commit and profile.", () => {
  const xml = junit([goodRun()]);
  const times = [...xml.matchAll(/<testcase [^>]*time="([^"]+)"/g)].map(([, time]) => Number(time));
  const suite = Number(/<testsuite [^>]*time="([^"]+)"/.exec(xml)?.[1]);
  expect(suite).toBeGreaterThan(1);
  expect(times.reduce((sum, time) => sum + time, 0)).toBeCloseTo(suite, 1);
  for (const name of ["seed", "commit", "profile"]) expect(xml).toContain(`<property name="${name}" value="`);
});

test("Control characters and markup of the system under test are written out, on one line each.", () => {
  const xml = junit([runWith([{ check: "linearizable", status: "fail", evidence: [{ text: hostile }] }])]);
  // eslint-disable-next-line no-control-regex -- These are what the format forbids.
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  expect(xml).toContain("evidence: \\u0000\\u001b[31m\\ufffe&lt;b&gt;");
  expect(xml).not.toMatch(/^\s*::/m);
  expect(xml).not.toContain("##[");
});

test("Equal runs give equal documents, in whatever order they were found.", () => {
  const runs = [goodRun(), repeated(slowRun(), 2), brokenOffRun()];
  expect(junit(runs)).toBe(junit(runs.toReversed()));
});
