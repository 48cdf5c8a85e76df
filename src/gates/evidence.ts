import { join } from "node:path";
import { guardFindings } from "./guards.ts";
import { expectedOfPlan, missingRuns } from "./expected.ts";
import { type SourceEvidence, sourceEvidence } from "./source-evidence.ts";
import { waiverFindings } from "./waiver.ts";
import { chaosShape, performanceShape } from "../core/contract-schema.ts";
import { performanceFieldNames } from "../core/contract.ts";
import type { Finding } from "../core/decision.ts";
import { chaosClasses } from "../core/scenario.ts";
import { acrossFindings } from "./across-findings.ts";
import { type ChaosEvidence, chaosFindings } from "./chaos-findings.ts";
import { type CoverageEvidence, coverageEvidence } from "./coverage-evidence.ts";
import { parseAs } from "./parse.ts";
import { type PerformanceEvidence, performanceFindings, uncoveredFindings } from "./performance-findings.ts";
import { findingAt, type Place } from "./place.ts";
import type { RawFile, RawFolder } from "./read-folder.ts";
import type { Judging } from "./report-findings.ts";

/** All that is decided by: what could be read, and all that is wrong with it. */
export interface Evidence {
  readonly folder: string;
  readonly chaos: readonly ChaosEvidence[];
  readonly performance: readonly PerformanceEvidence[];
  readonly coverage: CoverageEvidence;
  /** Files of other tools, each with the criterion of the policy that names it. */
  readonly sources: readonly { readonly asker: string; readonly source: SourceEvidence }[];
  /** What cannot be believed, or is missing from files that are there. What is missing altogether is the criteria's to say. */
  readonly findings: readonly Finding[];
  readonly files: readonly string[];
  /** What takes more than this share (0 to 1) of its limit is marginal. */
  readonly marginalShare: number;
}

/** What was read from the disk. */
export interface RawEvidence {
  readonly folder: RawFolder;
  readonly coverage: RawFile;
  /** Files of other tools, by the criterion of the policy that names them. */
  readonly sources: readonly { readonly asker: string; readonly raw: RawFile }[];
  /** What `plan --json` printed; null: it was not asked for. */
  readonly plan: RawFile | null;
}

/** The evidence in files that were read. Pure: the same texts at the same time give the same evidence. */
export function evidenceOf({ folder, coverage, ...more }: RawEvidence, judging: Judging): Evidence {
  const chaosFiles = folder.files
    .filter(({ kind }) => kind === "chaos")
    .map((raw) => readChaos(raw, folder.folder, judging));
  const chaos = chaosFiles.flatMap(({ evidence }) => evidence);
  const performanceFiles = folder.files
    .filter(({ kind }) => kind === "performance")
    .map((raw) => readPerformance(raw, folder.folder, { ...judging, chaos }));
  const performance = performanceFiles.flatMap(({ evidence }) => evidence);
  const read = coverageEvidence(coverage, folder.folder);
  const sources = more.sources.map(({ asker, raw }) => ({ asker, source: sourceEvidence(raw, [asker]) }));
  const planned = more.plan === null ? { expected: [], findings: [] } : expectedOfPlan(more.plan);
  const expected = [...judging.policy.release.expected, ...planned.expected];
  const missing = performancePlace(join(folder.folder, "performance.json"), folder.folder);
  return {
    folder: folder.folder,
    chaos,
    performance,
    coverage: read,
    sources,
    findings: [
      ...unseenFindings(folder),
      ...chaosFiles.flatMap(({ findings }) => findings),
      ...acrossFindings(chaos),
      ...performanceFiles.flatMap(({ findings }) => findings),
      ...uncoveredFindings(performance, chaos, missing),
      ...read.findings,
      ...sources.flatMap(({ source }) => source.findings),
      ...planned.findings,
      ...missingRuns(expected, chaos, folder.folder),
      ...guardFindings(chaos, judging.policy.release.guards),
      ...waiverFindings(judging.policy.release.waivers, judging.nowMs),
    ],
    marginalShare: judging.policy.marginalShare,
    files: [
      ...[...folder.files, ...folder.copies].map(({ file }) => file).sort((left, right) => left.localeCompare(right)),
      ...(read.isThere ? [coverage.file] : []),
      ...sources.map(({ source }) => source.file),
    ],
  };
}

interface Read<T> {
  readonly evidence: readonly T[];
  readonly findings: readonly Finding[];
}

function readChaos(raw: RawFile, folder: string, judging: Judging): Read<ChaosEvidence> {
  const ofName = chaosClasses.filter((name) => raw.file.endsWith(`chaos_${name}.json`));
  const place = { file: raw.file, field: "", criteria: ofName, command: runCommand(ofName[0] ?? "--all", folder) };
  const { content, findings } = parseAs(raw, place, chaosShape);
  if (content === null) return { evidence: [], findings };
  const evidence = { file: raw.file, content };
  const criteria = [...new Set([...ofName, content.class])];
  return { evidence: [evidence], findings: chaosFindings(evidence, { ...place, criteria }, judging) };
}

function readPerformance(
  raw: RawFile,
  folder: string,
  beside: Judging & { readonly chaos: readonly ChaosEvidence[] },
): Read<PerformanceEvidence> {
  const place = performancePlace(raw.file, folder);
  const { content, findings } = parseAs(raw, place, performanceShape);
  if (content === null) return { evidence: [], findings };
  const evidence = { file: raw.file, content };
  return { evidence: [evidence], findings: performanceFindings(evidence, place, beside) };
}

function performancePlace(file: string, folder: string): Place {
  return { file, field: "", criteria: performanceFieldNames, command: runCommand("--all", folder) };
}

function unseenFindings({ unseen, folder }: RawFolder): readonly Finding[] {
  return unseen.map(({ folder: file, problem }) =>
    findingAt({ file, field: "", criteria: [], command: `ls -l ${file}` }, "inconclusive", {
      reason: `this folder could not be looked through, and may hold evidence of ${folder}`,
      measured: problem,
      required: "a folder that can be read",
    }),
  );
}

/** The command that writes the reports of a class, or of all, into a folder. */
export function runCommand(what: string, folder: string): string {
  return `prism-chaos run ${what}${folder === "reports" ? "" : ` --out ${folder}`}`;
}
