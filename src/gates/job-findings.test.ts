import { expect, test } from "vitest";
import { jobFindings } from "./job-findings.ts";

const of = (jobs: unknown): readonly string[] =>
  jobFindings({ variable: "NEEDS", text: JSON.stringify(jobs) }).map(
    ({ kind, file, field, measured }) => `${kind} ${file}${field} ${measured}`,
  );

test("Jobs that all ended with success are nothing against a GO.", () => {
  expect(of({ plan: { result: "success", outputs: {} }, chaos: { result: "success" } })).toEqual([]);
});

test.each(["failure", "cancelled", "skipped"])("A job that ended with %s is inconclusive, and named.", (result) => {
  const found = jobFindings({
    variable: "NEEDS",
    text: JSON.stringify({ plan: { result: "success" }, chaos: { result } }),
  });
  expect(found).toMatchObject([
    { kind: "inconclusive", field: "/chaos/result", reason: "job chaos did not end with success", criteria: [] },
  ]);
  expect(found[0]?.measured).toContain(result);
});

test("A job without a result is inconclusive too.", () => {
  expect(of({ chaos: {} })).toEqual(["inconclusive $NEEDS/chaos/result absent"]);
});

test.each([
  ["nothing", null],
  ["no JSON", "{"],
  ["no object", "[]"],
  ["no job", "{}"],
])("A variable that holds %s is unusable: whoever asks for jobs must hear of them.", (_what, text) => {
  expect(jobFindings({ variable: "NEEDS", text }).map(({ kind }) => kind)).toEqual(["unusable"]);
});

test("A job's name cannot break out of its line.", () => {
  expect(of({ "a\n::error::b/~": { result: "failure" } })[0]).toContain("~1~0");
  const [found] = jobFindings({ variable: "NEEDS", text: JSON.stringify({ "a\nb": { result: "failure" } }) });
  expect(found?.reason).not.toContain("\n");
});
