import { expect, test } from "vitest";
import { baseReport } from "../test/support/good-reports.ts";
import { reportedRuns } from "./harness-reported.ts";

const report = baseReport();
const { plan } = report;

test("Every plan of a series is told: judged, broken off with the reason, or not begun.", () => {
  const outcomes = [
    { kind: "judged", folder: "reports/a", report, residue: ["n1"] },
    {
      kind: "broken-off",
      folder: "reports/b",
      plan,
      run: report.run,
      thrown: new Error("n2 did not start"),
      reproduce: "again",
    },
  ] as const;
  expect(reportedRuns(outcomes, [plan, plan, plan, plan])).toMatchObject([
    { kind: "judged", report, residue: ["n1"] },
    { how: "broken off", run: "b", reason: "n2 did not start", reproduce: "again", source: plan.source },
    { how: "not begun", variant: "kill", source: plan.source },
    { how: "not begun", variant: "kill", source: plan.source },
  ]);
});
