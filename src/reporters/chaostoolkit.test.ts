import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { brokenOffRun, goodRun, runWith, slowRun, unknownRun } from "../../test/support/reported-runs.ts";
import { chaosToolkitJournal, emptyJournal } from "./chaostoolkit.ts";
import type { ReportedRun } from "./reported.ts";

// What the Chaos Toolkit's documentation says of a journal.
const time = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" };
const span = { start: time, end: time, duration: { type: "number", minimum: 0 } };
const activity = {
  type: "object",
  required: ["type", "name", "provider"],
  properties: { type: { enum: ["probe", "action"] }, name: { type: "string" }, provider: { required: ["type"] } },
};
const done = {
  type: "object",
  required: ["activity", "status", "start", "end", "duration", "output"],
  properties: { activity, status: { enum: ["succeeded", "failed"] }, ...span, output: { type: ["string", "null"] } },
};
const probed = { ...done, required: [...done.required, "tolerance_met"] };
const steady = {
  type: ["object", "null"],
  required: ["steady_state_met", "probes"],
  properties: { steady_state_met: { type: "boolean" }, probes: { type: "array", items: probed } },
};
const validate = new Ajv({ strict: false, allErrors: true }).compile({
  type: "object",
  required: ["experiment", "status", "deviated", "start", "end", "duration", "steady_states", "run", "rollbacks"],
  properties: {
    experiment: { type: "object", required: ["title", "description", "method"] },
    status: { enum: ["completed", "failed", "aborted", "interrupted"] },
    deviated: { type: "boolean" },
    ...span,
    steady_states: { type: "object", properties: { before: steady, after: steady } },
    run: { type: "array", items: done },
    rollbacks: { type: "array", items: done },
  },
});

const { check, ...abort } = {
  check: "abort: nodes.healthy < 2",
  status: "fail" as const,
  evidence: [{ text: "met" }] as const,
};
const good = goodRun();
const met = { ...good, report: { ...good.report, status: "fail" as const, verdicts: [{ check, ...abort }] } };
const notSteady = runWith([{ check: "steady-before", status: "unknown", reason: "no answer", evidence: [] }]);

test.each<readonly [string, ReportedRun, string, boolean]>([
  ["a pass", good, "completed", false],
  ["a broken criterion", slowRun(), "failed", true],
  ["one that was not shown", unknownRun(), "failed", false],
  ["a system that was never steady", notSteady, "failed", false],
  ["a pass that left something behind", { ...good, residue: ["n1"] }, "failed", false],
  ["an abort condition that was met", met, "aborted", true],
  ["a run that was broken off", brokenOffRun(), "aborted", false],
  ["a run that nobody ended", { ...brokenOffRun(), how: "not ended" }, "interrupted", false],
])("Of %s the journal is one, and says how it ended.", (_what, run, status, deviated) => {
  const journal: unknown = JSON.parse(chaosToolkitJournal(run));
  validate(journal);
  expect(validate.errors ?? []).toEqual([]);
  expect(journal).toMatchObject({ status, deviated });
});

test("The journal of no run is one that failed.", () => {
  const journal: unknown = JSON.parse(emptyJournal());
  expect(validate(journal)).toBe(true);
  expect(journal).toMatchObject({ status: "failed", run: [] });
});

test("Faults are activities, heals are rollbacks, and every criterion is a probe of the steady state after.", () => {
  const { report } = slowRun();
  const journal = JSON.parse(chaosToolkitJournal(slowRun())) as {
    readonly run: readonly { readonly activity: { readonly name: string }; readonly duration: number }[];
    readonly rollbacks: readonly { readonly activity: { readonly name: string } }[];
    readonly steady_states: { readonly after: { readonly probes: readonly { readonly tolerance_met: boolean }[] } };
  };
  expect(journal.run.map((one) => one.activity.name)).toEqual(["inject kill"]);
  expect(journal.rollbacks.map((one) => one.activity.name)).toEqual(["heal kill"]);
  const [fault] = report.faults;
  expect(journal.run[0]?.duration).toBeCloseTo(((fault?.injectedMs ?? 0) - (fault?.startedMs ?? 0)) / 1000, 2);
  const { probes } = journal.steady_states.after;
  expect(probes).toHaveLength(report.verdicts.length);
  expect(probes.filter((one) => !one.tolerance_met)).toHaveLength(1);
});
