import { expect, test } from "vitest";
import { brokenOffRun, goodRun, hostile, repeated, unknownRun } from "../../test/support/reported-runs.ts";
import { isSealIntact } from "../core/report.ts";
import { baseReport } from "../../test/support/good-reports.ts";
import { reportsJson } from "./reports-json.ts";

test("The same runs give the same bytes, whatever their order and that of their keys.", () => {
  const runs = [goodRun(), repeated(unknownRun(), 2), brokenOffRun()];
  const turned = runs.toReversed().map((run) => Object.fromEntries(Object.entries(run).toReversed()) as typeof run);
  expect(reportsJson(turned)).toBe(reportsJson(runs));
});

test("A report is in it as it was sealed, and a run without one beside it.", () => {
  const document = JSON.parse(reportsJson([goodRun(), brokenOffRun(hostile)])) as {
    readonly runs: readonly { readonly report: ReturnType<typeof baseReport> }[];
    readonly notJudged: readonly { readonly reason: string }[];
  };
  expect(document.runs.map(({ report }) => isSealIntact(report))).toEqual([true]);
  expect(document.runs[0]?.report).toEqual(baseReport());
  expect(document.notJudged.map(({ reason }) => reason)).toEqual([hostile]);
});

test("Of no run it says so.", () => {
  expect(JSON.parse(reportsJson([]))).toMatchObject({
    runs: [],
    notJudged: [],
    error: expect.stringContaining("no run"),
  });
});
