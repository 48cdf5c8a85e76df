import { expect, test } from "vitest";
import { HarnessError } from "../core/harness-error.ts";
import { noFlags, type LimitFlags, policyOf } from "./policy.ts";

test("Without flags the limits are those of the contract.", () => {
  expect(policyOf(noFlags).limits).toEqual({
    coverage_threshold: 95,
    failover_sla_ms: 5000,
    p2p_connection_sla_ms: 3000,
    conflict_resolution_sla_ms: 2000,
  });
});

test.each<readonly [keyof LimitFlags, string, string, number]>([
  ["failover-sla", "250ms", "failover_sla_ms", 250],
  ["p2p-connection-sla", "1.5s", "p2p_connection_sla_ms", 1500],
  ["conflict-resolution-sla", "2m", "conflict_resolution_sla_ms", 120_000],
  ["coverage-threshold", "99.5", "coverage_threshold", 99.5],
  ["coverage-threshold", "90%", "coverage_threshold", 90],
  ["coverage-threshold", "1.5", "coverage_threshold", 1.5],
])("--%s %s is taken.", (flag, text, limit, value) => {
  expect(policyOf({ ...noFlags, [flag]: text }).limits).toMatchObject({ [limit]: value });
});

test.each<readonly [keyof LimitFlags, string]>([
  ["failover-sla", "5"],
  ["failover-sla", "-5s"],
  ["failover-sla", "5 parsecs"],
  ["failover-sla", "NaN"],
  ["failover-sla", ""],
  ["p2p-connection-sla", "Infinity"],
  ["conflict-resolution-sla", "1e3s"],
  ["failover-sla", `${"9".repeat(400)}h`],
  ["coverage-threshold", "0"],
  ["coverage-threshold", "0.95"],
  ["coverage-threshold", "1"],
  ["coverage-threshold", "101"],
  ["coverage-threshold", "-1"],
  ["coverage-threshold", "NaN"],
  ["coverage-threshold", "many"],
  ["coverage-threshold", ""],
])("--%s %j is refused with the flag's name and a fix.", (flag, text) => {
  const refused = (): unknown => policyOf({ ...noFlags, [flag]: text });
  expect(refused).toThrow(HarnessError);
  expect(refused).toThrow(`--${flag}`);
  expect(refused).toThrow(expect.objectContaining({ exit: "usage", next: expect.stringMatching(/^write a number/) }));
});
