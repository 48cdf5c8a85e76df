import { expect, test } from "vitest";
import { Workplace } from "../support/command-line.ts";
import { mustCatch } from "../support/must-catch.ts";

// That every variant passes without a defect is held by all-classes.test.ts.
test.each(mustCatch)(
  "$defect is caught by $scenario, $variant: exit 10, $check fails, and its evidence names what broke.",
  async (row) => {
    const { defect, scenario, variant, check, named, isHidden } = row;
    await using place = new Workplace();
    const ended = await place.startRun(scenario, "--variant", variant, "--defect", defect).ended;
    // With what it said, since a run that could not be carried out says there why.
    expect(`${ended.stderr}\nended with ${ended.exitCode}`).toMatch(/\nended with 10$/);
    const folder = await place.firstRun();
    const { verdicts } = folder.report();
    const failed = verdicts.filter(({ status }) => status === "fail").map((verdict) => verdict.check);
    expect(failed).toContain(check);
    // That the system was steady and then tested is shown all the same: the defect, and not the harness, is what failed.
    const passed = verdicts.filter((verdict) => verdict.status === "pass").map((verdict) => verdict.check);
    const shown = isHidden ? ["steady-before"] : ["steady-before", "fault-in-force"];
    expect(passed).toEqual(expect.arrayContaining(shown));
    const injected = folder.history().filter((event) => event.type === "fault.injected");
    expect(injected.filter(({ actions, inForce }) => actions === 0 || inForce < actions)).toEqual([]);
    expect(injected.length).toBeGreaterThan(0);
    const [first] = verdicts.find((verdict) => verdict.check === check)?.evidence ?? [];
    expect(first?.text).toMatch(/\d/);
    for (const field of named) expect(first).toHaveProperty(field);
  },
);
