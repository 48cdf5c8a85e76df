import type { Limits } from "../../src/core/decision.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { planDigest } from "../../src/core/plan.ts";
import type { Report } from "../../src/core/report.ts";
import type { ChaosClass } from "../../src/core/scenario.ts";
import { timeMeasurement } from "../../src/core/track.ts";
import { judgedAgain, trackTo } from "./good-reports.ts";
import { coverage, fileOf, performance, ReportFolder, resealed } from "./report-folder.ts";

/** One way in which evidence can be wrong, and what the gate must say of it: the exit code, and the file and field of a reason of that kind. */
export interface Mutant {
  readonly name: string;
  readonly exit: 10 | 11 | 12;
  readonly file: string;
  /** RFC 6901 pointer, or how it begins. */
  readonly field: string;
  readonly change: (folder: ReportFolder) => ReportFolder;
  readonly limits?: Partial<Limits>;
  /** When it is decided, in ms after the runs ended; an hour unless said. */
  readonly afterMs?: number;
}

const [leader, partition, cascade, corruption] = [
  fileOf("leader_election_failure"),
  fileOf("network_partition"),
  fileOf("cascading_failure"),
  fileOf("data_corruption"),
];
const report = "/series/0/reports/0";
const hour = 3_600_000;
const good = new ReportFolder();
const goodOf = (name: ChaosClass): Report => {
  const [one] = good.good(name).series[0]?.reports ?? [];
  if (one === undefined) throw new Error(`the fixture has no report of ${name}`);
  return one;
};
const leaderReport = goodOf("leader_election_failure");
const measuredAt = (one: Report, measure: string): string =>
  `${report}/measurements/${found(one.measurements.findIndex((each) => each.measure === measure))}`;
const verdictAt = (check: string): string =>
  `${report}/verdicts/${found(leaderReport.verdicts.findIndex((each) => each.check === check))}`;
const failoverAt = measuredAt(leaderReport, "failover.time");
const recoveryAt = measuredAt(leaderReport, "recovery.time");
const uptimeAt = measuredAt(leaderReport, "uptime.ratio");
const lostAt = measuredAt(leaderReport, "writes.lost");
const connectionAt = measuredAt(goodOf("cascading_failure"), "p2p.connection");
const resolutionAt = measuredAt(goodOf("network_partition"), "conflict.resolution");
const linearizableAt = verdictAt("linearizable");
const failoverVerdictAt = verdictAt("failover.time < 5s");
const recoveryVerdictAt = verdictAt("recovery.time <= 5s");
const verdictEnd = `${report}/verdicts/${leaderReport.verdicts.length}`;
const worstFailoverMs = timeOf(leaderReport, "failover.time");
const failover = leaderReport.measurements.find((each) => each.measure === "failover.time");
const failoverTrack = failover?.kind === "measured" ? failover.tracks?.[0] : undefined;
const looks = failoverTrack?.looks ?? [];
const last = found(looks.length - 1);
const lookMs = (index: number): number => looks.at(index)?.[0] ?? 0;

/** An index that must be there, or the fixture is not what the mutants are of. */
function found(index: number): number {
  if (index < 0) throw new Error("the fixture has not what the mutants change");
  return index;
}

/** The time that a report measured, its worse end, in ms. */
function timeOf(one: Report | undefined, measure: string): number {
  const time = one?.measurements.find((each) => each.measure === measure);
  if (time?.kind === "measured") return time.high;
  throw new Error(`${measure} is not in the fixture`);
}

type Row = readonly [
  name: string,
  exit: Mutant["exit"],
  file: string,
  field: string,
  change: Mutant["change"],
  more?: Pick<Mutant, "limits" | "afterMs">,
];

const dropped: readonly Row[] = [
  ...(["network_partition", "resource_exhaustion", "cascading_failure", "leader_election_failure"] as const).map(
    (name): Row => [
      `${name} has no file`,
      11,
      fileOf(name),
      "/recovery_successful",
      (folder) => folder.drop(fileOf(name)),
    ],
  ),
  ["data_corruption has no file", 11, corruption, "/recovery_successful", (folder) => folder.drop(corruption)],
  ["performance.json is missing", 11, performance, "/failover_time", (folder) => folder.drop(performance)],
  ["the coverage file is missing", 11, coverage, "/summary/line_coverage", (folder) => folder.drop(coverage)],
  [
    "everything is missing",
    11,
    leader,
    "/recovery_successful",
    (folder) => [...folder.texts.keys()].reduce((left, file) => left.drop(file), folder),
  ],
  [
    "a good file lies only under a name that is not of JSON",
    11,
    leader,
    "/recovery_successful",
    (folder) => folder.copy(leader, "reports/x.bak").drop(leader),
  ],
  [
    "a good file lies only among packages",
    11,
    leader,
    "/recovery_successful",
    (folder) => folder.copy(leader, "reports/node_modules/x.json").drop(leader),
  ],
  [
    "a good file lies only in the folder of a run",
    11,
    leader,
    "/recovery_successful",
    (folder) => folder.copy(leader, "reports/r/x.json").write("reports/r/run.json", "{}").drop(leader),
  ],
  [
    "a file under another name is cut in half",
    12,
    "reports/x.json",
    "",
    (folder) =>
      folder.write("reports/x.json", folder.text(leader).slice(0, folder.text(leader).length / 2)).drop(leader),
  ],
  [
    "a file under another name was altered",
    12,
    "reports/a/b/x.json",
    "/seal",
    (folder) =>
      folder
        .copy(leader, "reports/a/b/x.json")
        .drop(leader)
        .set("reports/a/b/x.json", "/seal", `sha256:${"0".repeat(64)}`),
  ],
  [
    "one run is told otherwise in a file of another name",
    12,
    "reports/z/x.json",
    `${report}/run/id`,
    (folder) => folder.copy(leader, "reports/z/x.json").forge("reports/z/x.json", `${report}/traffic/ok`, 1),
  ],
];

const torn: readonly Row[] = [leader, performance, coverage].flatMap((file): readonly Row[] => [
  [`${file} is empty`, 12, file, "", (folder) => folder.write(file, "")],
  [
    `${file} is cut in half`,
    12,
    file,
    "",
    (folder) => folder.write(file, folder.text(file).slice(0, folder.text(file).length / 2)),
  ],
  [`${file} is no JSON`, 12, file, "", (folder) => folder.write(file, "<html>404</html>")],
  [`${file} is a list`, 12, file, "", (folder) => folder.write(file, "[]")],
  [`${file} is null`, 12, file, "", (folder) => folder.write(file, "null")],
]);

const types: readonly Row[] = [
  ...[null, "true", 1, undefined, {}].map((value): Row => {
    const name = `recovery_successful is ${JSON.stringify(value) ?? "absent"}`;
    return [name, 12, leader, "/recovery_successful", (folder) => folder.set(leader, "/recovery_successful", value)];
  }),
  ...["failover_time", "p2p_connection_time", "conflict_resolution_time"].flatMap((field): readonly Row[] => [
    ...["0.5", null, -1, true].map((value): Row => {
      const name = `${field} is ${JSON.stringify(value)}`;
      return [name, 12, performance, `/${field}`, (folder) => folder.forge(performance, `/${field}`, value)];
    }),
    [
      `${field} is taken away`,
      12,
      performance,
      `/${field}`,
      (folder) => folder.forge(performance, `/${field}`, undefined),
    ],
    [`${field} is 0`, 12, performance, `/${field}`, (folder) => folder.forge(performance, `/${field}`, 0)],
  ]),
  [
    "failover_time is NaN",
    12,
    performance,
    "",
    (folder) => raw(folder, performance, /"failover_time":[\d.]+/, '"failover_time":NaN'),
  ],
  [
    "failover_time is 1e999",
    12,
    performance,
    "/failover_time",
    (folder) => raw(folder, performance, /"failover_time":[\d.]+/, '"failover_time":1e999'),
  ],
  ["a report is null", 12, leader, report, (folder) => folder.set(leader, report, null)],
  ["the series is an object", 12, leader, "/series", (folder) => folder.set(leader, "/series", {})],
  ["a measured time is a text", 12, leader, failoverAt, (folder) => folder.set(leader, `${failoverAt}/high`, "509")],
  [
    "a look is no pair",
    12,
    leader,
    `${failoverAt}/tracks/0/looks`,
    (folder) => folder.set(leader, `${failoverAt}/tracks/0/looks/0`, [1]),
  ],
  [
    "a text holds half a character",
    12,
    leader,
    "",
    (folder) => raw(folder, leader, /"variant":\{"name":"kill"/, '"variant":{"name":"\\ud800"'),
  ],
  ["a file is nothing but brackets", 12, leader, "", (folder) => folder.write(leader, "[".repeat(1_000_000))],
  [
    "an unknown key stands in a report",
    12,
    leader,
    `${report}/waived`,
    (folder) => folder.set(leader, `${report}/waived`, true),
  ],
  ["an unknown key stands in the file", 12, leader, "/waived", (folder) => folder.set(leader, "/waived", true)],
  [
    "the report's version is a later one",
    12,
    leader,
    `${report}/version`,
    (folder) => folder.set(leader, `${report}/version`, 3),
  ],
  [
    "the report's version is the one before",
    12,
    leader,
    `${report}/version`,
    (folder) => folder.set(leader, `${report}/version`, 1),
  ],
  ["the file's version is unknown", 12, leader, "/version", (folder) => folder.set(leader, "/version", 99)],
  [
    "performance.json's version is unknown",
    12,
    performance,
    "/version",
    (folder) => folder.set(performance, "/version", 1),
  ],
  [
    "a pass has no evidence",
    12,
    leader,
    linearizableAt,
    (folder) => folder.set(leader, `${linearizableAt}/evidence`, []),
  ],
  [
    "a pass has evidence that says nothing",
    12,
    leader,
    linearizableAt,
    (folder) => folder.set(leader, `${linearizableAt}/evidence/0/text`, ""),
  ],
  [
    "a status is a word of its own",
    12,
    leader,
    `${report}/status`,
    (folder) => folder.set(leader, `${report}/status`, "waived"),
  ],
];

const seals: readonly Row[] = [
  ["the file's seal is taken away", 12, leader, "/seal", (folder) => folder.set(leader, "/seal", undefined)],
  [
    "the file's seal is another one",
    12,
    leader,
    "/seal",
    (folder) => folder.set(leader, "/seal", `sha256:${"0".repeat(64)}`),
  ],
  [
    "the line of an expectation is another one",
    12,
    leader,
    `${report}/seal`,
    (folder) => folder.set(leader, `${report}/plan/source/lines/recovery.time <= 5s`, 1),
  ],
  [
    "a plan does not say where its scenario stands",
    12,
    leader,
    `${report}/plan`,
    (folder) => folder.set(leader, `${report}/plan/source`, undefined),
  ],
  [
    "a report's seal is taken away",
    12,
    leader,
    `${report}/seal`,
    (folder) => folder.set(leader, `${report}/seal`, undefined),
  ],
  [
    "a report's seal is that of another report",
    12,
    leader,
    `${report}/seal`,
    (folder) => folder.set(leader, `${report}/seal`, folder.good("data_corruption").series[0]?.reports[0]?.seal),
  ],
  [
    "performance.json's seal is taken away",
    12,
    performance,
    "/seal",
    (folder) => folder.set(performance, "/seal", undefined),
  ],
  [
    "performance.json's seal is that of a report",
    12,
    performance,
    "/seal",
    (folder) => folder.set(performance, "/seal", folder.good("data_corruption").seal),
  ],
  [
    "a note is reworded",
    12,
    leader,
    `${report}/seal`,
    (folder) => folder.set(leader, `${failoverAt}/note`, "very fast"),
  ],
  [
    "a count without samples is altered",
    12,
    leader,
    `${report}/seal`,
    (folder) => folder.set(leader, `${lostAt}/high`, 1),
  ],
  [
    "the file alone is sealed again",
    12,
    leader,
    `${report}/seal`,
    (folder) => {
      folder.set(leader, `${report}/traffic/ok`, 1);
      return folder.write(leader, JSON.stringify(resealed(JSON.parse(folder.text(leader)) as Report)));
    },
  ],
];

/** Edits by somebody who seals again: what follows from something else must still follow from it. */
const forged: readonly Row[] = [
  [
    "recovery_successful is turned over",
    12,
    leader,
    "/recovery_successful",
    (folder) => folder.forge(leader, "/recovery_successful", false),
  ],
  [
    "a failover is made faster",
    12,
    leader,
    `${failoverAt}/`,
    (folder) => folder.forge(leader, `${failoverAt}/high`, 10),
  ],
  ["a recovery is made faster", 12, leader, `${recoveryAt}/`, (folder) => folder.forge(leader, `${recoveryAt}/low`, 0)],
  ["a bracket is turned round", 12, leader, failoverAt, (folder) => folder.forge(leader, `${failoverAt}/low`, 99_999)],
  ["a share is over 1", 12, leader, uptimeAt, (folder) => folder.forge(leader, `${uptimeAt}/high`, 1.5)],
  ["a count is a fraction", 12, leader, lostAt, (folder) => folder.forge(leader, `${lostAt}/high`, 0.5)],
  [
    "a time's unit is another one",
    12,
    leader,
    `${failoverAt}/unit`,
    (folder) => folder.forge(leader, `${failoverAt}/unit`, "count"),
  ],
  [
    "a last look comes earlier",
    12,
    leader,
    failoverAt,
    (folder) => folder.forge(leader, `${failoverAt}/tracks/0/looks/${last}/0`, lookMs(-2) + 0.001),
  ],
  [
    "a look says that it held",
    12,
    leader,
    failoverAt,
    (folder) => folder.forge(leader, `${failoverAt}/tracks/0/looks/0/1`, true),
  ],
  [
    "the looks that did not hold are taken out",
    12,
    leader,
    failoverAt,
    (folder) => folder.forge(leader, `${failoverAt}/tracks/0/looks/${last - 1}`, undefined),
  ],
  [
    "the looks are out of order",
    12,
    leader,
    `${failoverAt}/tracks/0`,
    (folder) => folder.forge(leader, `${failoverAt}/tracks/0/looks/0/0`, lookMs(-1) + 1),
  ],
  [
    "a track begins later",
    12,
    leader,
    failoverAt,
    (folder) => folder.forge(leader, `${failoverAt}/tracks/0/from/0`, (failoverTrack?.from[0] ?? 0) + 0.001),
  ],
  [
    "a track and its time begin later, together",
    12,
    leader,
    `${failoverAt}/tracks/0/from`,
    (folder) => laterBegin(folder),
  ],
  [
    "a track is of a fault that was not there",
    12,
    leader,
    `${failoverAt}/tracks/0/from`,
    (folder) => folder.forge(leader, `${failoverAt}/tracks/0/subject`, "other"),
  ],
  [
    "a recovery need not go on holding",
    12,
    leader,
    `${recoveryAt}/tracks/0/from`,
    (folder) => folder.forge(leader, `${recoveryAt}/tracks/0/holdMs`, 1),
  ],
  [
    "the samples are taken out",
    12,
    leader,
    `${failoverAt}/tracks`,
    (folder) => folder.forge(leader, `${failoverAt}/tracks`, undefined),
  ],
  [
    "the samples are emptied",
    12,
    leader,
    `${failoverAt}/tracks`,
    (folder) => folder.forge(leader, `${failoverAt}/tracks`, []),
  ],
  [
    "a connection's slower node is taken out",
    12,
    cascade,
    connectionAt,
    (folder) => folder.forge(cascade, `${connectionAt}/tracks/1`, undefined),
  ],
  ["a measurement stands twice", 12, leader, recoveryAt, (folder) => folder.forge(leader, recoveryAt, failover)],
  [
    "a verdict on a limit is forged to fail",
    12,
    leader,
    failoverVerdictAt,
    (folder) => folder.forge(leader, `${failoverVerdictAt}/status`, "fail"),
  ],
  ["a verdict on a limit is forged to pass", 12, leader, failoverVerdictAt, (folder) => forgedPass(folder)],
  ["a status is forged to pass", 12, leader, `${report}/status`, (folder) => forgedStatus(folder)],
  ["a verdict is taken out", 12, leader, linearizableAt, (folder) => folder.forge(leader, linearizableAt, undefined)],
  [
    "all verdicts are taken out",
    12,
    leader,
    `${report}/verdicts/0`,
    (folder) => folder.forge(leader, `${report}/verdicts`, []),
  ],
  [
    "a verdict has another name",
    12,
    leader,
    linearizableAt,
    (folder) => folder.forge(leader, `${linearizableAt}/check`, "looks-fine"),
  ],
  [
    "a verdict is added",
    12,
    leader,
    verdictEnd,
    (folder) => folder.forge(leader, verdictEnd, { check: "x", status: "pass", evidence: [{ text: "x" }] }),
  ],
  [
    "an expectation is taken out of the plan",
    12,
    leader,
    `${report}/plan/digest`,
    (folder) => folder.forge(leader, `${report}/plan/expectations/0`, undefined),
  ],
  [
    "a limit of the plan is loosened",
    12,
    leader,
    `${report}/plan/digest`,
    (folder) => folder.forge(leader, `${report}/plan/expectations/0/limit`, 50_000),
  ],
  [
    "a check is taken out of the plan",
    12,
    leader,
    `${report}/plan/digest`,
    (folder) =>
      folder.forge(leader, `${report}/plan/checks/${leaderReport.plan.checks.indexOf("linearizable")}`, undefined),
  ],
  [
    "a fault is taken out of the plan",
    12,
    leader,
    `${report}/plan/digest`,
    (folder) => folder.forge(leader, `${report}/plan/timeline/0/id`, "other"),
  ],
  [
    "a plan without its expectation is digested anew",
    12,
    leader,
    failoverVerdictAt,
    (folder) => withoutExpectation(folder),
  ],
  [
    "the fault was seen by nobody, and still passed",
    12,
    leader,
    `${report}/faults`,
    (folder) => folder.forge(leader, `${report}/faults/0/observed`, false),
  ],
  [
    "there was no fault, and it still passed",
    12,
    leader,
    `${report}/faults`,
    (folder) => folder.forge(leader, `${report}/faults`, []),
  ],
  [
    "nothing was at risk, and it still passed",
    12,
    leader,
    `${report}/traffic`,
    (folder) => folder.forge(leader, `${report}/traffic/okDuringFaults`, 0),
  ],
  [
    "the fault was never healed, and is said to be gone",
    12,
    leader,
    `${report}/faults`,
    (folder) => folder.forge(leader, `${report}/faults/0/healedMs`, null),
  ],
  [
    "performance.json is made faster",
    12,
    performance,
    "/failover_time",
    (folder) => folder.forge(performance, "/failover_time", 0.1),
  ],
  [
    "performance.json has a reason and a value",
    12,
    performance,
    "/failover_time_reason",
    (folder) => folder.forge(performance, "/failover_time_reason", "none"),
  ],
  [
    "performance.json rests on a measurement of its own",
    12,
    performance,
    "/rests_on/failover_time/0/measurement",
    (folder) => ownMeasurement(folder),
  ],
  [
    "performance.json rests on another measure",
    12,
    performance,
    "/rests_on/failover_time/0/measurement/measure",
    (folder) => folder.forge(performance, "/rests_on/failover_time/0/measurement/measure", "fast.time"),
  ],
  [
    "performance.json rests on a run that is not there",
    12,
    performance,
    "/rests_on/failover_time/0/run",
    (folder) => folder.forge(performance, "/rests_on/failover_time/0/run", "other"),
  ],
  [
    "performance.json rests on one run twice",
    12,
    performance,
    "/rests_on/failover_time/1/run",
    (folder) => folder.forge(performance, "/rests_on/failover_time/1/run", "leader-election-failure-1"),
  ],
  [
    "performance.json is of an earlier campaign",
    12,
    performance,
    "/rests_on/failover_time/0",
    (folder) => {
      const earlier = new ReportFolder().honest("leader_election_failure", (one) => timed(one, "failover.time", 900));
      return folder.write(performance, earlier.text(performance));
    },
  ],
  [
    "performance.json forgets a run",
    11,
    performance,
    "/rests_on/p2p_connection_time",
    (folder) => {
      const less = new ReportFolder().honest("cascading_failure", () => null);
      return folder.write(performance, less.text(performance));
    },
  ],
];

const series: readonly Row[] = [
  ["a series has lost a run", 12, leader, "/seal", (folder) => folder.set(leader, "/series/0/reports/1", undefined)],
  [
    "a series has lost a run, sealed again",
    12,
    leader,
    "/series/0/runs/1",
    (folder) => folder.forge(leader, "/series/0/reports/1", undefined),
  ],
  [
    "a series was cut short",
    11,
    leader,
    "/series/0/planned",
    (folder) => folder.honest("leader_election_failure", (one, index) => (index === 0 ? one : null)),
  ],
  [
    "more was planned than run",
    12,
    leader,
    `${report}/run/planned`,
    (folder) => folder.forge(leader, "/series/0/planned", 3),
  ],
  [
    "less was planned than run",
    12,
    leader,
    "/series/0/planned",
    (folder) => folder.forge(leader, "/series/0/planned", 1),
  ],
  ["nothing was planned", 12, leader, "/series/0/planned", (folder) => folder.forge(leader, "/series/0/planned", 0)],
  [
    "a short series is said to be whole",
    12,
    leader,
    `${report}/run/planned`,
    (folder) => {
      folder.honest("leader_election_failure", (one, index) => (index === 0 ? one : null));
      return folder.set(leader, "/recovery_successful", true).forge(leader, "/series/0/planned", 1);
    },
  ],
  [
    "there is no series",
    11,
    leader,
    "/series",
    (folder) => folder.honest("leader_election_failure", () => null).forge(leader, "/series", []),
  ],
  [
    "there is no report",
    11,
    leader,
    "/series/0/planned",
    (folder) => folder.honest("leader_election_failure", () => null),
  ],
  ["a run was broken off", 11, leader, "/series/0/brokenOff/0", (folder) => brokenOff(folder)],
  [
    "a run stands twice",
    12,
    leader,
    "/series/0/runs/1",
    (folder) =>
      folder.forge(leader, "/series/0/reports/1", folder.good("leader_election_failure").series[0]?.reports[0]),
  ],
  [
    "a repetition stands twice",
    12,
    leader,
    "/series/0/runs/1",
    (folder) => folder.honest("leader_election_failure", (one) => replanned(one, { repetition: 1 })),
  ],
  [
    "the list of runs says that one recovered that is not there",
    12,
    leader,
    "/series/0/runs/2",
    (folder) => folder.forge(leader, "/series/0/runs/2", { run: "x", isRecovered: true, reason: "recovered" }),
  ],
  [
    "a scenario stands in the file twice",
    12,
    leader,
    "/series/0/scenario",
    (folder) => folder.forge(leader, "/series/1", folder.good("leader_election_failure").series[0]),
  ],
  [
    "a report is of another series",
    12,
    leader,
    `${report}/run/series`,
    (folder) =>
      folder.honest("leader_election_failure", (one) => resealed({ ...one, run: { ...one.run, series: "other" } })),
  ],
  [
    "a report is of another class",
    12,
    leader,
    `${report}/plan/scenario/class`,
    (folder) => folder.forge(leader, report, folder.good("data_corruption").series[0]?.reports[0]),
  ],
  ["a file has the name of another class", 12, partition, "/class", (folder) => folder.copy(leader, partition)],
  ["a class is one of another name", 12, leader, "/class", (folder) => folder.set(leader, "/class", "network")],
  [
    "a second performance.json of another name says another time",
    12,
    "reports/performance-old.json",
    "/failover_time",
    (folder) =>
      folder
        .copy(performance, "reports/performance-old.json")
        .forge("reports/performance-old.json", "/failover_time", 0),
  ],
];

const together: readonly Row[] = [
  [
    "one report is of another commit",
    12,
    corruption,
    `${report}/run/commit`,
    (folder) =>
      folder.honest("data_corruption", (one) => resealed({ ...one, run: { ...one.run, commit: "f".repeat(40) } })),
  ],
  [
    "one report is of no commit",
    12,
    corruption,
    `${report}/run/commit`,
    (folder) => folder.honest("data_corruption", (one) => resealed({ ...one, run: { ...one.run, commit: null } })),
  ],
  [
    "a second, bad file of a class lies in a folder below",
    12,
    "reports/b/chaos_leader_election_failure.json",
    "",
    (folder) => folder.write(`reports/b/chaos_leader_election_failure.json`, "{"),
  ],
  [
    "one run is told in two ways",
    12,
    "reports/z/chaos_data_corruption.json",
    `${report}/run/id`,
    (folder) => {
      const other = new ReportFolder().honest("data_corruption", (one) => timed(one, "recovery.time", 100));
      return folder.write("reports/z/chaos_data_corruption.json", other.text(corruption));
    },
  ],
  [
    "a failed series lies beside a good one of its class",
    10,
    "reports/z/chaos_data_corruption.json",
    linearizableAt,
    (folder) => {
      const other = new ReportFolder().honest("data_corruption", (one) =>
        failing({ ...one, run: { ...one.run, id: "other" } }),
      );
      return folder.write("reports/z/chaos_data_corruption.json", other.text(corruption));
    },
  ],
  [
    "a folder is too deep to be looked through",
    11,
    "reports/1/2/3/4/5/6/7",
    "",
    (folder) => folder.write("reports/1/2/3/4/5/6/7/x.txt", ""),
  ],
  [
    "a later series was begun and not carried through",
    11,
    "reports/later/run.json",
    "",
    (folder) =>
      folder
        .write(
          "reports/later/run.json",
          JSON.stringify({ run: { series: "later", startedAt: "2099-01-01T00:00:00.000Z" } }),
        )
        .write("reports/later/plan.json", JSON.stringify({ scenario: { name: "data-corruption" } })),
  ],
  [
    "a run's history, still there, is another one",
    12,
    "reports/data-corruption-1/history.ndjson",
    "",
    (folder) =>
      folder
        .write("reports/data-corruption-1/run.json", "{}")
        .write("reports/data-corruption-1/history.ndjson", "altered\n"),
  ],
  [
    "a run's own report, still there, is another one",
    12,
    "reports/data-corruption-1/report.json",
    "/seal",
    (folder) =>
      folder
        .write("reports/data-corruption-1/run.json", "{}")
        .write("reports/data-corruption-1/report.json", '{"seal":"sha256:0"}'),
  ],
];

const times: readonly Row[] = [
  ["all is older than a day", 12, leader, `${report}/run/finishedAt`, (folder) => folder, { afterMs: 24 * hour + 1 }],
  ["all is from the future", 12, leader, `${report}/run/finishedAt`, (folder) => folder, { afterMs: -300_001 }],
  ["one class is older than a day", 12, corruption, `${report}/run/finishedAt`, (folder) => moved(folder, -24 * hour)],
  ["one class is from the future", 12, corruption, `${report}/run/finishedAt`, (folder) => moved(folder, 2 * hour)],
  [
    "a run ended before it began",
    12,
    leader,
    `${report}/run/finishedAt`,
    (folder) => folder.forge(leader, `${report}/run/startedAt`, new Date(good.finishedMs + 1000).toISOString()),
  ],
  [
    "a run's end is no time",
    12,
    leader,
    `${report}/run/finishedAt`,
    (folder) => folder.forge(leader, `${report}/run/finishedAt`, "yesterday"),
  ],
  [
    "a run's end is no day",
    12,
    leader,
    `${report}/run/finishedAt`,
    (folder) => folder.forge(leader, `${report}/run/finishedAt`, "2026-13-45T00:00:00Z"),
  ],
  [
    "a run has no end",
    12,
    leader,
    `${report}/run/finishedAt`,
    (folder) => folder.forge(leader, `${report}/run/finishedAt`, undefined),
  ],
];

const limits: readonly Row[] = [
  [
    "failover is over its limit by a thousandth of a ms",
    10,
    leader,
    failoverAt,
    (folder) => folder,
    { limits: { failover_sla_ms: Math.floor(worstFailoverMs * 1000 - 0.5) / 1000 } },
  ],
  [
    "the connection is over its limit by a thousandth of a ms",
    10,
    cascade,
    connectionAt,
    (folder) => folder,
    { limits: { p2p_connection_sla_ms: 839.999 } },
  ],
  [
    "resolution is over its limit by a thousandth of a ms",
    10,
    partition,
    resolutionAt,
    (folder) => folder,
    { limits: { conflict_resolution_sla_ms: 839.999 } },
  ],
  [
    "coverage is under its threshold by the smallest step",
    10,
    coverage,
    "/summary/line_coverage",
    (folder) => folder.set(coverage, "/summary/line_coverage", 94.999_999_999_999_99),
  ],
  ["a limit is 0", 10, leader, failoverAt, (folder) => folder, { limits: { failover_sla_ms: 0 } }],
  [
    "a connection takes longer than 3 s",
    10,
    cascade,
    `${connectionAt}/high`,
    (folder) => folder.honest("cascading_failure", (one) => timed(one, "p2p.connection", 3000.001)),
  ],
  [
    "a resolution takes longer than 2 s",
    10,
    partition,
    `${resolutionAt}/high`,
    (folder) => folder.honest("network_partition", (one) => timed(one, "conflict.resolution", 2000.001)),
  ],
  [
    "one of two failovers takes longer than 5 s",
    10,
    leader,
    `${failoverAt.replace("reports/0", "reports/1")}/high`,
    (folder) =>
      folder.honest("leader_election_failure", (one, index) =>
        index === 0 ? one : timed(one, "failover.time", 5000.001),
      ),
  ],
  [
    "nobody took over within the limit",
    10,
    leader,
    `${failoverAt}/atLeast`,
    (folder) => folder.honest("leader_election_failure", (one) => never(one, "failover.time", 5000)),
  ],
  [
    "nobody was seen to take over, and it was not waited for long enough",
    11,
    leader,
    failoverAt,
    (folder) => folder.honest("leader_election_failure", (one) => never(one, "failover.time", 4000)),
  ],
  [
    "a run did not recover",
    10,
    leader,
    recoveryVerdictAt,
    (folder) => folder.honest("leader_election_failure", (one) => never(one, "recovery.time", 30_000)),
  ],
  ["a check failed", 10, leader, linearizableAt, (folder) => folder.honest("leader_election_failure", failing)],
  [
    "a check showed nothing",
    11,
    leader,
    linearizableAt,
    (folder) =>
      folder.honest("leader_election_failure", (one) =>
        told(one, { check: "linearizable", status: "unknown", reason: "no operation", evidence: [] }),
      ),
  ],
  [
    "failover was not measured",
    11,
    leader,
    failoverAt,
    (folder) =>
      folder.honest("leader_election_failure", (one) =>
        measuredAs(one, { kind: "not-measured", measure: "failover.time", unit: "ms", reason: "no leader was lost" }),
      ),
  ],
  [
    "no run measures the connection",
    11,
    performance,
    "/p2p_connection_time",
    (folder) =>
      folder.honest("cascading_failure", (one) => replanned(one, { expectations: one.plan.expectations.slice(1) })),
  ],
];

/** A measurement of the leader's first run without its samples, sealed throughout. */
const sampleless = (measure: string, key: "spread" | "perSecond"): Row => [
  `${measure} has no samples`,
  12,
  leader,
  `${measuredAt(leaderReport, measure)}/${key}`,
  (folder) => folder.forge(leader, `${measuredAt(leaderReport, measure)}/${key}`, undefined),
];
const samples: readonly Row[] = [
  sampleless("latency.p95", "spread"),
  sampleless("throughput.rate", "perSecond"),
  [
    "throughput.rate has no seconds",
    12,
    leader,
    `${measuredAt(leaderReport, "throughput.rate")}/perSecond`,
    (folder) => folder.forge(leader, `${measuredAt(leaderReport, "throughput.rate")}/perSecond`, []),
  ],
  [
    "latency.p95 is better than its samples say",
    12,
    leader,
    measuredAt(leaderReport, "latency.p95"),
    (folder) => folder.forge(leader, `${measuredAt(leaderReport, "latency.p95")}/high`, 0.1),
  ],
];

const hollow: readonly Row[] = [
  [
    "a run did not recover, and its scenario does not ask for it",
    10,
    corruption,
    `${report}/measurements`,
    (folder) =>
      folder.honest("data_corruption", (one) => never(replanned(one, { expectations: [] }), "recovery.time", 30_000)),
  ],
  [
    "a run asks for no check, and no witness saw its fault",
    11,
    corruption,
    `${report}/faults`,
    (folder) =>
      folder.honest("data_corruption", (one) => {
        const faults = one.faults.map((fault) => ({ ...fault, observed: false }));
        return judgedAgain({ ...replanned(one, { checks: [] }), faults });
      }),
  ],
  [
    "a run is judged by nothing",
    11,
    corruption,
    `${report}/verdicts`,
    (folder) => folder.honest("data_corruption", (one) => replanned(one, { checks: [], expectations: [] })),
  ],
  [
    "a run of which no time is due was broken off",
    11,
    corruption,
    "/series/0/brokenOff/0",
    (folder) =>
      folder
        .honest("data_corruption", () => null)
        .set(corruption, "/series/0/brokenOff/0", {
          run: "b",
          variant: "kill",
          repetition: 1,
          reason: "broken off: no nodes",
          reproduce: "prism-chaos run x",
          expected: [],
        })
        .forge(corruption, "/series/0/runs/0", { run: "b", isRecovered: false, reason: "broken off: no nodes" }),
  ],
  [
    "the summary of the coverage is a number",
    12,
    coverage,
    "/summary",
    (folder) => folder.write(coverage, '{"summary":97}'),
  ],
];

const covered: readonly Row[] = [
  ...["Unknown", "97", null, -1, 100.5, true, [97]].map((value): Row => {
    const name = `line coverage is ${JSON.stringify(value)}`;
    return [
      name,
      12,
      coverage,
      "/summary/line_coverage",
      (folder) => folder.set(coverage, "/summary/line_coverage", value),
    ];
  }),
  ["line coverage is NaN", 12, coverage, "", (folder) => folder.write(coverage, '{"summary":{"line_coverage":NaN}}')],
  [
    "line coverage is 1e999",
    12,
    coverage,
    "/summary/line_coverage",
    (folder) => folder.write(coverage, '{"summary":{"line_coverage":1e999}}'),
  ],
  [
    "line coverage is absent",
    11,
    coverage,
    "/summary/line_coverage",
    (folder) => folder.write(coverage, '{"summary":{}}'),
  ],
  [
    "line coverage is 94.9",
    10,
    coverage,
    "/summary/line_coverage",
    (folder) => folder.set(coverage, "/summary/line_coverage", 94.9),
  ],
  [
    "line coverage is 0",
    10,
    coverage,
    "/summary/line_coverage",
    (folder) => folder.set(coverage, "/summary/line_coverage", 0),
  ],
];

/** Every mutant; no two have one name. */
export const mutants: readonly Mutant[] = [
  dropped,
  torn,
  types,
  seals,
  forged,
  series,
  together,
  times,
  limits,
  samples,
  hollow,
  covered,
]
  .flat()
  .map(([name, exit, file, field, change, more = {}]) => ({ name, exit, file, field, change, ...more }));

function raw(folder: ReportFolder, file: string, from: RegExp, to: string): ReportFolder {
  return folder.write(file, folder.text(file).replace(from, to));
}

/** The report with this in the place of the measurement of that name, judged by it. */
function measuredAs(one: Report, measurement: Measurement): Report {
  const measurements = one.measurements.map((each) => (each.measure === measurement.measure ? measurement : each));
  return judgedAgain({ ...one, measurements });
}

/** The beginning and hold that tracks of a measure have in a report. */
function trackOf(one: Report, measure: string, afterMs: number, holds: boolean) {
  const time = one.measurements.find((each) => each.measure === measure);
  const [first] = time?.kind === "measured" ? (time.tracks ?? []) : [];
  const { subject, from, holdMs } = first ?? trackTo("n2", 0);
  const lastMs = (holds ? from[0] : from[1]) + afterMs;
  const held = [[lastMs, true] as const, ...(holdMs > 0 ? [[lastMs + holdMs + 1, true] as const] : [])];
  return { subject, from, holdMs, looks: holds ? held : [[lastMs, false] as const] };
}

function timed(one: Report, measure: string, afterMs: number): Report {
  return measuredAs(
    one,
    timeMeasurement([trackOf(one, measure, afterMs, true)], { measure, note: "mutant", samples: 1 }),
  );
}

function never(one: Report, measure: string, afterMs: number): Report {
  return measuredAs(
    one,
    timeMeasurement([trackOf(one, measure, afterMs, false)], { measure, note: "mutant", samples: 1 }),
  );
}

function told(one: Report, verdict: Report["verdicts"][number]): Report {
  return judgedAgain({ ...one, verdicts: one.verdicts.map((each) => (each.check === verdict.check ? verdict : each)) });
}

function failing(one: Report): Report {
  return told(one, {
    check: "linearizable",
    status: "fail",
    evidence: [{ text: "k3 was read as v1 after v2 was acknowledged" }],
  });
}

/** The report with another plan, digested anew, and judged by it. */
function replanned(one: Report, part: Partial<Report["plan"]>): Report {
  const { digest: _digest, ...plan } = { ...one.plan, ...part };
  return judgedAgain({ ...one, plan: { ...plan, digest: planDigest(plan) } });
}

/** The plan and the verdict lose the expectation; performance.json still says that it was due. */
function withoutExpectation(folder: ReportFolder): ReportFolder {
  const [one] = folder.good("leader_election_failure").series[0]?.reports ?? [];
  if (one === undefined) return folder;
  const less = replanned(one, { expectations: one.plan.expectations.slice(1) });
  return folder.forge(leader, report, { ...less, verdicts: one.verdicts });
}

/** The verdicts of a run that broke its limit say that it kept it. */
function forgedPass(folder: ReportFolder): ReportFolder {
  folder.honest("leader_election_failure", (one) => timed(one, "failover.time", 6000));
  folder.set(leader, `${report}/status`, "pass");
  return folder.forge(leader, `${failoverVerdictAt}/status`, "pass");
}

function forgedStatus(folder: ReportFolder): ReportFolder {
  return folder.honest("leader_election_failure", failing).forge(leader, `${report}/status`, "pass");
}

/** Track and number begin a second later: they agree with each other, and not with the fault. */
function laterBegin(folder: ReportFolder): ReportFolder {
  return folder.honest("leader_election_failure", (one) => {
    const track = trackOf(one, "failover.time", 500, true);
    const later = { ...track, from: [track.from[0] + 100, track.from[1] + 100] as const };
    return measuredAs(one, timeMeasurement([later], { measure: "failover.time", note: "mutant", samples: 1 }));
  });
}

/** In performance.json alone a run measured something better, with tracks to show for it. */
function ownMeasurement(folder: ReportFolder): ReportFolder {
  const better = timeMeasurement([trackTo("kill", 100)], { measure: "failover.time", note: "better", samples: 1 });
  return folder.forge(performance, "/rests_on/failover_time/0/measurement", better);
}

/** The second run has no report; all else is as it would be. */
function brokenOff(folder: ReportFolder): ReportFolder {
  const measures = ["failover.time", "recovery.time"];
  folder.honest("leader_election_failure", (one, index) => (index === 0 ? one : null));
  folder.set(leader, "/series/0/brokenOff", [
    {
      run: "b",
      variant: "kill",
      repetition: 2,
      reason: "broken off: no nodes",
      reproduce: "prism-chaos run x",
      expected: measures,
    },
  ]);
  return folder.forge(leader, "/series/0/runs/1", { run: "b", isRecovered: false, reason: "broken off: no nodes" });
}

function moved(folder: ReportFolder, byMs: number): ReportFolder {
  const shifted = (at: string): string => new Date(Date.parse(at) + byMs).toISOString();
  return folder.honest("data_corruption", (one) =>
    resealed({
      ...one,
      run: { ...one.run, startedAt: shifted(one.run.startedAt), finishedAt: shifted(one.run.finishedAt) },
    }),
  );
}
