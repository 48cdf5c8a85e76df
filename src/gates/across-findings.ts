import type { Finding } from "../core/decision.ts";
import { isSame } from "../core/same.ts";
import type { Report } from "../core/report.ts";
import type { ChaosEvidence } from "./chaos-findings.ts";
import { below, findingAt, type Place, unusable } from "./place.ts";

interface Placed {
  readonly report: Report;
  readonly place: Place;
}

/** What does not fit together over all files: reports of several commits, or one run that is told in two ways. */
export function acrossFindings(chaos: readonly ChaosEvidence[]): readonly Finding[] {
  const reports = chaos.flatMap(({ file, content }) =>
    content.series.flatMap((series, at) =>
      series.reports.map((report, index): Placed => {
        const whole = { file, field: "", criteria: [content.class], command: report.run.reproduce };
        return { report, place: below(whole, "series", at, "reports", index) };
      }),
    ),
  );
  return [...commitFindings(reports), ...contradictions(reports), ...mixedFindings(reports)];
}

/** The commit of most reports is the one that is decided about; any other is of something else. */
function commitFindings(reports: readonly Placed[]): readonly Finding[] {
  const byCommit = Map.groupBy(reports, ({ report }) => report.run.commit ?? "none");
  const [most] = [...byCommit].sort(([, left], [, right]) => right.length - left.length);
  return reports.flatMap(({ report, place }) => {
    const commit = report.run.commit ?? "none";
    if (most === undefined || commit === most[0]) return [];
    return [
      unusable(below(place, "run", "commit"), {
        reason: "the report is of another commit than the rest",
        measured: commit,
        required: most[0],
      }),
    ];
  });
}

/** One run in two files must be the same in both. */
function contradictions(reports: readonly Placed[]): readonly Finding[] {
  return [...Map.groupBy(reports, ({ report }) => report.run.id)].flatMap(([id, [first, ...others]]) =>
    others.flatMap(({ report, place }) => {
      if (first === undefined || isSame(report, first.report)) return [];
      return [
        unusable(below(place, "run", "id"), {
          reason: `the run ${id} is told otherwise in ${first.place.file}`,
          measured: report.seal.slice(0, 19),
          required: first.report.seal.slice(0, 19),
        }),
      ];
    }),
  );
}

/** Attempts at one repetition add up: where one passed and another failed, it failed, and a good one is never the answer. */
function mixedFindings(reports: readonly Placed[]): readonly Finding[] {
  const byRepetition = Map.groupBy(reports, ({ report: { plan } }) => {
    return `${plan.scenario.name} · ${plan.variant.name} · ${plan.repetition} of ${plan.repetitions}`;
  });
  return [...byRepetition].flatMap(([name, all]) => {
    const failed = all.filter(({ report }) => report.status === "fail");
    const passed = all.filter(({ report }) => report.status === "pass");
    const [first] = failed;
    if (first === undefined || passed.length === 0) return [];
    return [
      findingAt(below(first.place, "status"), "broken", {
        reason: `${name} failed in ${attempts(failed)} and passed in ${attempts(passed)}: what passes only sometimes is broken`,
        measured: `${failed.length} of ${new Set(all.map(({ report }) => report.run.id)).size} runs failed`,
        required: "every attempt passes",
      }),
    ];
  });
}

function attempts(placed: readonly Placed[]): string {
  const names = placed.map(({ report: { run } }) =>
    run.attempt === null ? run.id : `attempt ${run.attempt} (${run.id})`,
  );
  return [...new Set(names)].join(", ");
}
