import { expect, test } from "vitest";
import type { Evidence } from "../../src/core/verdict.ts";
import { Workplace } from "../support/command-line.ts";

/** A planted defect, the scenario and variant that must catch it, a check that must fail, and what its evidence must name. */
const rows: readonly (readonly [string, string, string, string, readonly (keyof Evidence)[]])[] = [
  // By acknowledged-writes in 21 of 22 runs, by this in all: which writes are at risk when the leader is cut off is chance.
  ["lost-write", "leader-loss", "cut", "linearizable", ["operations"]],
  ["stale-read", "leader-loss", "cut", "linearizable", ["operations"]],
  ["forgotten-vote", "leader-loss", "revote", "one-leader-per-term", ["operations", "nodes", "terms", "atMs"]],
  ["slow-failover", "leader-loss", "kill", "failover.time < 5s", ["text"]],
  ["split-brain", "leader-loss", "cut", "acknowledged-writes", ["operations"]],
  ["split-brain", "network-partition", "half", "minority-refuses-writes", ["operations", "nodes"]],
  ["minority-accepts", "network-partition", "half", "minority-refuses-writes", ["operations", "nodes"]],
  ["lost-write", "network-partition", "half", "minority-refuses-writes", ["operations", "nodes"]],
  ["no-converge", "network-partition", "half", "replicas-converge", ["nodes"]],
  ["merge-not-commutative", "network-partition", "half", "replicas-converge", ["nodes"]],
  ["slow-converge", "network-partition", "half", "conflict.resolution < 2s", ["text"]],
  ["slow-join", "network-partition", "half", "p2p.connection < 3s", ["text"]],
  ["slow-recovery", "network-partition", "half", "recovery.time <= 5s", ["text"]],
];

test.each(rows)("%s is caught by %s, %s: exit 10, %s fails, and its evidence names what broke.", async (...row) => {
  const [defect, scenario, variant, check, named] = row;
  await using place = new Workplace();
  const ended = await place.startRun(scenario, "--variant", variant, "--defect", defect).ended;
  const folder = await place.firstRun();
  const { verdicts } = folder.report();
  const failed = verdicts.filter(({ status }) => status === "fail").map((verdict) => verdict.check);
  expect(failed).toContain(check);
  expect(ended.exitCode).toBe(10);
  // That the system was steady and then tested is shown all the same: the defect, and not the harness, is what failed.
  const passed = verdicts.filter((verdict) => verdict.status === "pass").map((verdict) => verdict.check);
  expect(passed).toEqual(expect.arrayContaining(["steady-before", "fault-in-force"]));
  const [first] = verdicts.find((verdict) => verdict.check === check)?.evidence ?? [];
  expect(first?.text).toMatch(/\d/);
  for (const field of named) expect(first).toHaveProperty(field);
});
