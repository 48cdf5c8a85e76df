import { expect, test } from "vitest";
import type { Measurement } from "../../src/core/measurement.ts";
import { Workplace } from "../support/command-line.ts";

/** What the scenario asks of times; held by the run itself, by its SLAs. */
const times = ["p2p.connection", "failover.time", "conflict.resolution", "recovery.time"] as const;

test("network-partition passes on the healthy swarm, with every time told from samples.", async () => {
  await using place = new Workplace();
  const ended = await place.startRun("network-partition").ended;
  expect(ended.exitCode).toBe(0);
  const { measurements, verdicts, plan } = (await place.firstRun()).report();
  expect(verdicts.filter(({ status }) => status !== "pass")).toEqual([]);
  expect([plan.nodes.length, plan.voters.length, plan.joiners.length]).toEqual([16, 5, 2]);
  for (const name of times) {
    const found = measurements.find(({ measure }) => measure === name);
    expect(found).toMatchObject({ kind: "measured" });
    expect(tracksOf(found).length).toBeGreaterThan(0);
  }
});

// How fast a hundred processes on a busy machine agree again is for the scenario's limits to say; that it is a test at all, and that nothing is lost, holds on any.
test("At full size, a hundred nodes, half cut off: it is in force, seen from both sides, nothing is lost, and all is measured.", async () => {
  await using place = new Workplace();
  await place.startRun("network-partition", "--profile", "full", "--set", "hold=10s").ended;
  const { measurements, verdicts, plan, faults } = (await place.firstRun()).report();
  expect(plan.nodes.length).toBe(100);
  expect(faults).toMatchObject([{ fault: "partition", observed: true }]);
  const sides = Object.values(faults[0]?.cast ?? {}).filter((nodes) => nodes.length === 50);
  expect(sides).toHaveLength(2);
  const timeless = verdicts.filter(({ check }) => !times.some((name) => check.startsWith(name)));
  expect(timeless.filter(({ status }) => status === "fail")).toEqual([]);
  const shown = timeless.filter(({ status }) => status === "pass").map(({ check }) => check);
  expect(shown).toEqual(
    expect.arrayContaining(["fault-in-force", "seen-from-both-sides", "minority-refuses-writes", "replicas-converge"]),
  );
  for (const name of times) {
    expect(tracksOf(measurements.find(({ measure }) => measure === name)).length).toBeGreaterThan(0);
  }
});

function tracksOf(measurement: Measurement | undefined): readonly object[] {
  return measurement === undefined || measurement.kind === "not-measured" ? [] : (measurement.tracks ?? []);
}
