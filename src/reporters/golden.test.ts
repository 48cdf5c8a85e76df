import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, expect, test } from "vitest";
import { errorText, toldError } from "../command-error.ts";
import { invalid, readDocument } from "../core/document.ts";
import type { Measurement } from "../core/measurement.ts";
import type { Plan } from "../core/plan.ts";
import type { Report } from "../core/report.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";
import { everyone, follower, leader, part, rest } from "../core/testing/selections.ts";
import type { Verdict } from "../core/verdict.ts";
import { exampleOf } from "../engine/example.ts";
import { faults } from "../faults/index.ts";
import { runSummary } from "./console.ts";
import { planText } from "./plan-text.ts";
import { liveLine } from "./progress.ts";
import { seriesSummary } from "./series-summary.ts";

// What people read in a terminal, kept as files so that a change of it is seen. `npx vitest run --project unit -u src/reporters/golden.test.ts`
// writes them anew; look at the difference before it is committed.

const folder = mkdtempSync(join(tmpdir(), "golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The golden file of this name. */
const golden = (name: string): string => `../../fixtures/golden/terminal/${name.replaceAll(/,? /g, "-")}.txt`;

const widths = [
  ["60 columns", 60],
  ["200 columns", 200],
  ["no window", Infinity],
] as const;

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const failover = { text: "failover.time < 5s", measure: "failover.time", comparator: "<", limit: 5000 } as const;
const uptime = { text: "uptime.ratio >= 99.5%", measure: "uptime.ratio", comparator: ">=", limit: 0.995 } as const;
const lost = { text: "writes.lost == 0", measure: "writes.lost", comparator: "==", limit: 0 } as const;
const few = {
  text: "nodes.healthy < 2 for 3s",
  gauge: "nodes.healthy",
  comparator: "<",
  limit: 2,
  forMs: 3000,
} as const;

const plan: Plan = {
  ...evidenced(historyOf([])).plan,
  scenario: {
    name: "leader-loss",
    title: "The leader is lost; another takes over and nothing acknowledged is lost",
    class: "leader_election_failure",
  },
  variant: { name: "cut-and-paused", title: "The leader is cut off from its peers; meanwhile another is paused" },
  target: { name: "reference", defect: "stale-read" },
  sizes: { nodes: 5, joiners: 0, warmUpMs: 1000, coolDownMs: 500 },
  parameters: { hold: "3s" },
  seed: "b50029bb",
  seriesSeed: "42",
  repetition: 2,
  repetitions: 5,
  nodes,
  voters: nodes,
  joiners: [],
  links: nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to }))),
  cast: { lost: leader, witness: follower },
  castingOrder: ["n4", "n1", "n5", "n2", "n3"],
  phaseMs: 812,
  timeline: [
    { kind: "workload", paused: true },
    { kind: "await-probe", probe: "replicas-agree", limitMs: 10_000 },
    { kind: "workload", paused: false },
    {
      kind: "inject",
      id: "apart",
      fault: "partition",
      params: { mode: "refuse" },
      on: { kind: "sides", sides: [[part("lost")], [rest]] },
      forMs: null,
      isAwaited: true,
    },
    {
      kind: "inject",
      id: "pause",
      fault: "pause",
      params: {},
      on: { kind: "nodes", selections: [part("witness")] },
      forMs: 3000,
      isAwaited: true,
    },
    { kind: "heal", id: "apart" },
    { kind: "call", operation: "campaign", on: part("witness") },
    { kind: "hold", ms: 500 },
    {
      kind: "inject",
      id: "kill",
      fault: "kill",
      params: {},
      on: { kind: "nodes", selections: [everyone] },
      forMs: 1000,
      isAwaited: true,
    },
  ],
  steadyState: { probes: ["healthy", "one-leader", "all-links"], holdMs: 2000, limitMs: 20_000 },
  checks: ["fault-in-force", "at-risk", "linearizable"],
  expectations: [failover, uptime, lost],
  abort: [few],
  limits: { faultMs: 120_000, runMs: 600_000, nodesShare: 1 },
  digest: "0b5709968a28c4f0",
};

const measurements: readonly Measurement[] = [
  {
    kind: "measured",
    measure: "failover.time",
    unit: "ms",
    low: 1180,
    high: 1240,
    resolutionMs: 60,
    samples: 1,
    note: "",
  },
  {
    kind: "measured",
    measure: "uptime.ratio",
    unit: "ratio",
    low: 0.9912,
    high: 0.9961,
    resolutionMs: null,
    samples: 320,
    note: "",
  },
  {
    kind: "measured",
    measure: "writes.lost",
    unit: "count",
    low: 0,
    high: 0,
    resolutionMs: null,
    samples: 411,
    note: "",
  },
  { kind: "beyond", measure: "recovery.time", unit: "ms", atLeast: 30_000, note: "" },
  { kind: "not-measured", measure: "writes.acknowledged", unit: "count", reason: "no write was sent" },
];

const unexplained = (op: number): { readonly text: string } => ({
  text: `key k3: no order of its operations explains read ${op} by n2.1, which returned "n4.1#7" after "n4.1#9" was acknowledged`,
});
const passed = (check: string): Verdict => ({ check, status: "pass", evidence: [{ text: "seen" }] });

const report: Report = {
  version: 2,
  seal: "",
  historyDigest: null,
  run: {
    id: "20260101-000000-leader-loss-cut-and-paused-2-0001",
    series: "20260101-000000-leader-loss-0001",
    planned: 5,
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: "2026-01-01T00:00:30Z",
    reproduce:
      "prism-chaos run leader-loss --variant cut-and-paused --profile quick --seed 42 --repeat 5 --repetition 2 --defect stale-read",
    tool: { version: "1", node: "v24", platform: "linux" },
    commit: null,
    attempt: null,
    proxy: { kind: "builtin", by: "builtin" },
  },
  plan,
  status: "fail",
  measurements,
  verdicts: [
    {
      check: "fault-in-force",
      status: "unknown",
      reason: "it was not shown that the fault took hold: pause: the witness did not see: n1 unreachable",
      evidence: [],
    },
    passed("at-risk"),
    {
      check: "linearizable",
      status: "fail",
      evidence: [unexplained(17), unexplained(18), unexplained(23), unexplained(40), unexplained(41), unexplained(57)],
    },
    passed(failover.text),
    {
      check: uptime.text,
      status: "fail",
      evidence: [{ text: "uptime.ratio is 99.12 % at worst; 99.50 % is the limit" }],
    },
    passed(lost.text),
    passed(`abort: ${few.text}`),
  ],
  traffic: { ok: 2100, fail: 40, info: 12, okDuringFaults: 900 },
  faults: [],
};

const passing: Report = {
  ...report,
  status: "pass",
  verdicts: report.verdicts.map(({ check }) => passed(check)),
  measurements: measurements
    .slice(0, 3)
    .map((one) => ({ ...one, ...(one.measure === "uptime.ratio" ? { low: 0.9958 } : {}) })),
};

test.each(widths)("The summary of a run reads as its file says, with %s.", async (name, columns) => {
  const place = {
    folder: "reports/20260101-000000-leader-loss-cut-and-paused-2-0001",
    reproduce: report.run.reproduce,
  };
  const text = [report, passing].map((one) => runSummary(one, { ...place, columns })).join("\n\n");
  await expect(plain(text)).toMatchFileSnapshot(golden(`run summary, ${name}`));
});

test.each(widths)("The summary of a series reads as its file says, with %s.", async (name, columns) => {
  const other = (one: Report): Report => ({ ...one, plan: { ...plan, variant: { name: "kill", title: "Killed" } } });
  const reports = [report, passing, other(passing), other(passing)];
  const folders = { [report.run.id]: `reports/${report.run.id}` };
  const failed = seriesSummary({ scenario: "leader-loss", reports, planned: 5, folders, columns });
  const none = seriesSummary({ scenario: "leader-loss", reports: [], planned: 1, folders, columns });
  await expect(plain(`${failed}\n\n${none}`)).toMatchFileSnapshot(golden(`series summary, ${name}`));
});

test.each(widths)(
  "The line that is redrawn reads as its file says, with %s, and is never wider.",
  async (name, columns) => {
    const inPhase = {
      phase: "faults",
      phaseFromMs: 3500,
      limitMs: 23_000,
      step: "inject apart (partition) on lost | rest",
    };
    const beat = { atMs: 5120, leader: "n4", term: 7, okPerSecond: 312, errorsPerSecond: 8 };
    const lines = [
      liveLine(
        plan,
        { phase: "starting", phaseFromMs: 0, limitMs: 20_000, step: "", ...beat, atMs: 900, leader: null, term: null },
        columns,
      ),
      liveLine(plan, { ...inPhase, ...beat }, columns),
      liveLine(plan, { ...inPhase, ...beat, leader: null }, columns),
      liveLine(plan, { ...inPhase, ...beat, atMs: 95_000, limitMs: 150_000, step: "" }, columns),
    ];
    for (const line of lines) expect(line.length).toBeLessThan(columns);
    await expect(plain(lines.join("\n"))).toMatchFileSnapshot(golden(`live line, ${name}`));
  },
);

test("A plan reads as its file says.", async () => {
  const planned = {
    plan,
    missing: [],
    ways: [],
    proxy: { notes: [] },
    files: {},
    size: "the profile says 5",
    capabilities: ["process.kill", "process.pause", "link.refuse"] as const,
    example: exampleOf(plan),
    fitting: ["reference"],
    parameters: {
      hold: { value: "3s", default: "3s", from: "default", description: "", variable: "CHAOS_DURATION" },
      share: { value: "50%", default: "20%", from: "set", description: "", variable: null },
    } as const,
  };
  const lacking = { ...planned, missing: ['operation "peers"', 'capability "link.refuse"'] };
  const proxied = { ...planned, proxy: { notes: ["a real Toxiproxy at http://127.0.0.1:8474, version 2.12.0"] } };
  const refusal = "a real Toxiproxy lacks link.corrupt (it has no toxic that changes bytes)";
  const refused = { ...planned, proxy: { refusal, next: "--proxy builtin has it" } };
  const text = [planned, lacking, proxied, refused].map((one) => planText(one, faults, Infinity)).join("\n\n");
  await expect(plain(text)).toMatchFileSnapshot(golden("plan"));
});

test("What is wrong with a file reads as its file says.", async () => {
  const file = join(folder, "broken.yaml");
  writeFileSync(
    file,
    [
      "name: broken",
      "title: Two mistakes in a line that is too long to be shown as a whole, and one more below it",
      "steadyState: { probes: [healthy, one-leadr], hold: 2s, within: 20s } # and much more behind it, which nobody needs to see here",
      "expect: [uptime >= 99%]",
      "",
    ].join("\n"),
  );
  const document = readDocument(file);
  const thrown = invalid(file, [
    document.problem("/expect/0", 'there is no measure "uptime" (did you mean uptime.ratio?)'),
    document.problem("/steadyState/probes/1", 'there is no probe "one-leadr" (did you mean one-leader?)'),
    document.problemOfKey("/title", "this is told of a key"),
  ]);
  const text = errorText(toldError(thrown, null)).replaceAll(`${folder}/`, "");
  await expect(plain(text)).toMatchFileSnapshot(golden("error of a file"));
});

/** As it looks where there are no colours, with an end of line that git and editors expect. */
function plain(text: string): string {
  expect(text).not.toContain(folder);
  return `${stripVTControlCharacters(text)}\n`;
}
