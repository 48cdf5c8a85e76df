import { expect, test } from "vitest";
import type { Decision } from "../core/decision.ts";
import { gateText } from "./gate-text.ts";

const decision: Decision = {
  version: 1,
  recommendation: "NO_GO",
  exit_code: 10,
  decided_at: "2026-01-01T00:00:00Z",
  go_criteria_met: 1,
  go_criteria_total: 2,
  readiness_percentage: 50,
  limits: {
    coverage_threshold: 95,
    failover_sla_ms: 5000,
    p2p_connection_sla_ms: 3000,
    conflict_resolution_sla_ms: 2000,
  },
  criteria: [
    {
      criterion: "failover_time",
      status: "FAIL",
      file: "reports/chaos_leader_election_failure.json",
      measured: "5990 to 6001 ms",
      required: "<= 5000 ms",
    },
    {
      criterion: "line_coverage",
      status: "PASS",
      file: "coverage/coverage.json",
      measured: "96.4 %",
      required: ">= 95 %",
    },
  ],
  blocking_issues: [
    {
      kind: "broken",
      criteria: ["failover_time"],
      reason: "failover.time of r1 is over the limit (worst end of its bracket), and a node said \u001b[31mthis",
      file: "reports/chaos_leader_election_failure.json",
      field: "/series/0/reports/0/measurements/1/high",
      measured: "5990 to 6001 ms",
      required: "<= 5000 ms",
      command: "prism-chaos run leader-loss --variant kill --profile quick --seed 42 --repeat 5 --repetition 2",
    },
  ],
  policy: null,
  no_go_triggers: [],
  waived_issues: [],
  warnings: [],
  files: [],
};

test.each([60, 80, 200, Infinity])("In a window of %s columns no line is wider, but for a word that is.", (columns) => {
  const lines = gateText(decision, columns).split("\n");
  expect(lines.filter((line) => line.length > columns && line.trim().includes(" "))).toEqual([]);
  expect(lines.at(-1)).toBe("exit 10 (broken)");
  expect(lines.at(-2)).toBe("NO_GO: 1 of 2 criteria met (50 %), 1 reason against it");
});

test("In a wide window a criterion is a row, and each reason has its file, field, numbers and command.", () => {
  const text = gateText(decision, 200);
  expect(text).toMatch(
    /^failover_time +reports\/chaos_leader_election_failure\.json +5990 to 6001 ms +<= 5000 ms +FAIL$/m,
  );
  expect(text).toContain("FAIL  reports/chaos_leader_election_failure.json /series/0/reports/0/measurements/1/high");
  expect(text).toContain("measured 5990 to 6001 ms, required <= 5000 ms");
  expect(text).toContain("again  prism-chaos run leader-loss --variant kill");
});

test("What evidence says cannot act on the terminal.", () => {
  expect(gateText(decision, 200)).not.toContain("\u001b");
});
