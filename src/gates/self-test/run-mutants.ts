import { wallTimeAfter } from "../../core/clock.ts";
import type { Report } from "../../core/report.ts";
import {
  firstReport,
  type Mutant,
  type Mutator,
  resealed,
  type Sealed,
  understood,
  withDocument,
  withReport,
} from "./mutant.ts";
import type { Changed } from "./report-mutants.ts";

const hourMs = 3_600_000;

/** When and of what a run was: stale, of the future, of another commit, told in two ways; and what its own folder says otherwise. */
export const runMutants: Mutator = (subject) => [
  ...understood(subject).flatMap((one): readonly Mutant[] => {
    const first = one.kind === "chaos" ? firstReport(one.content) : null;
    if (one.kind !== "chaos" || first === null) return [];
    const { report, at } = first;
    const changed = [
      ...ofTimes(report, subject.judging.nowMs, subject.judging.policy.oldestMs),
      ...ofCommit(report),
    ].map(([kind, found, document]): Mutant => ({
      kind: `run: ${kind}`,
      file: one.file,
      found,
      subject: withDocument(subject, one.file, withReport(one.content, at, document)),
    }));
    const other = resealed({ ...report, traffic: { ...report.traffic, ok: report.traffic.ok + 1 } });
    const copy = {
      file: `${one.file}.copy.json`,
      text: JSON.stringify(withReport(one.content, at, other)),
      problem: "",
      kind: "chaos" as const,
    };
    const { raw } = subject;
    const twice = { ...subject, raw: { ...raw, folder: { ...raw.folder, files: [...raw.folder.files, copy] } } };
    return [
      ...changed,
      { kind: "run: it is told otherwise in another file", file: copy.file, found: "unusable", subject: twice },
    ];
  }),
  ...storedMutants(subject),
];

function ofTimes(report: Report, nowMs: number, oldestMs: number): readonly Changed[] {
  const { run } = report;
  const ended = Date.parse(run.finishedAt);
  const moved = (byMs: number): Sealed => {
    const [startedAt, finishedAt] = [wallTimeAfter(run.startedAt, byMs), wallTimeAfter(run.finishedAt, byMs)];
    return resealed({ ...report, run: { ...run, startedAt, finishedAt } });
  };
  return [
    ["it is stale", "unusable", moved(nowMs - oldestMs - ended - hourMs)],
    ["it is of the future", "unusable", moved(nowMs - ended + hourMs)],
    [
      "it ended before it began",
      "unusable",
      resealed({ ...report, run: { ...run, startedAt: wallTimeAfter(run.finishedAt, 1000) } }),
    ],
    ["its end is no time", "unusable", resealed({ ...report, run: { ...run, finishedAt: "yesterday" } })],
    ["its end is absent", "unusable", resealed({ ...report, run: { ...run, finishedAt: undefined } })],
  ];
}

function ofCommit(report: Report): readonly Changed[] {
  const commit = (value: string | null): Sealed => resealed({ ...report, run: { ...report.run, commit: value } });
  return [
    ["it is of another commit", "unusable", commit("0".repeat(40))],
    ...(report.run.commit === null ? [] : [["it is of no commit", "unusable", commit(null)] satisfies Changed]),
  ];
}

/** What lies in the folder of a run and is another than in the contract file, where it is still there. */
const storedMutants: Mutator = (subject) => {
  const { stored } = subject;
  const named = understood(subject).flatMap((one) =>
    one.kind === "chaos" ? one.content.series.flatMap(({ reports }) => reports.map(({ run }) => run.id)) : [],
  );
  const first = stored.find(
    ({ run, seal, historyDigest }) => named.includes(run) && seal !== null && historyDigest !== null,
  );
  if (first === undefined) return [];
  const put = (changed: object): Mutant["subject"] => ({
    ...subject,
    stored: stored.map((one) => (one === first ? { ...one, ...changed } : one)),
  });
  const later = {
    ...first,
    run: "later",
    series: "later",
    startedAt: wallTimeAfter(first.startedAt ?? "", hourMs),
    seal: null,
    historyDigest: null,
  };
  return [
    {
      kind: "run folder: its history was altered",
      file: first.folder,
      found: "unusable",
      subject: put({ historyDigest: "0".repeat(64) }),
    },
    {
      kind: "run folder: its report is another",
      file: first.folder,
      found: "unusable",
      subject: put({ seal: `sha256:${"0".repeat(64)}` }),
    },
    {
      kind: "run folder: a later series was begun",
      file: first.folder,
      found: "inconclusive",
      subject: { ...subject, stored: [...stored, later] },
    },
  ];
};
