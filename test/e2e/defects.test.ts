import { expect, test } from "vitest";
import type { Evidence } from "../../src/core/verdict.ts";
import { Workplace } from "../support/command-line.ts";

/** A planted defect, the variant that must catch it, a check that must fail, and what its evidence must name. */
const rows: readonly (readonly [string, string, string, readonly (keyof Evidence)[]])[] = [
  // By acknowledged-writes in 21 of 22 runs, by this in all: which writes are at risk when the leader is cut off is chance.
  ["lost-write", "cut", "linearizable", ["operations"]],
  ["stale-read", "cut", "linearizable", ["operations"]],
  ["forgotten-vote", "revote", "one-leader-per-term", ["operations", "nodes", "terms", "atMs"]],
  ["slow-failover", "kill", "failover.time < 5s", ["text"]],
  ["split-brain", "cut", "acknowledged-writes", ["operations"]],
];

test.each(rows)("%s is caught by %s: exit 10, %s fails, and its evidence names what broke.", async (...row) => {
  const [defect, variant, check, named] = row;
  await using place = new Workplace();
  const ended = await place.startRun("leader-loss", "--variant", variant, "--defect", defect).ended;
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
