import { expect, test } from "vitest";
import { Workplace } from "../support/command-line.ts";
import { mustCatch } from "../support/must-catch.ts";

test.each(mustCatch)(
  "$defect is caught by $scenario, $variant: exit 10, $check fails, and its evidence names what broke.",
  async (row) => {
    const { defect, scenario, variant, check, named } = row;
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
  },
);

/** The variants that must catch something, each once. */
const variants = [
  ...new Map(mustCatch.map(({ scenario, variant }) => [`${scenario} ${variant}`, { scenario, variant }])),
];

test.each(variants.map(([, one]) => one))(
  "Without a defect $scenario, $variant passes: exit 0, so that what fails with one is the defect.",
  async ({ scenario, variant }) => {
    await using place = new Workplace();
    const ended = await place.startRun(scenario, "--variant", variant).ended;
    const [folder] = place.runs();
    // A run that was refused has no folder; what it said is all there is.
    const unmet = folder?.report().verdicts.filter(({ status }) => status !== "pass") ?? ended.stdout;
    expect({ exitCode: ended.exitCode, unmet }).toEqual({ exitCode: 0, unmet: [] });
  },
);
