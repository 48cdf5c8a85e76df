import { rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { expectationVerdicts } from "./checks/expectations.ts";
import type { Outcome } from "./command.ts";
import { writeJsonAtomic } from "./core/atomic-file.ts";
import { wallTime } from "./core/clock.ts";
import type { Decision, Finding } from "./core/decision.ts";
import { environmentVariable } from "./core/environment.ts";
import { exitCodeName, exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { given } from "./core/given.ts";
import { HarnessError, messageOf } from "./core/harness-error.ts";
import type { Unit } from "./core/measurement.ts";
import { nearby } from "./core/nearby.ts";
import { replaceableFile } from "./core/replaceable-file.ts";
import type { SealKey } from "./core/seal.ts";
import { criteria } from "./gates/criteria/index.ts";
import { decide } from "./gates/decide.ts";
import { askedCriterion } from "./gates/asked-criterion.ts";
import { type Evidence, evidenceOf, type RawEvidence } from "./gates/evidence.ts";
import { type Asked, contractAlone, type LimitFlags, type Policy, policyOf } from "./gates/policy.ts";
import { jobFindings, type RawJobs } from "./gates/job-findings.ts";
import { manifestFindings, type ManifestsAsked } from "./gates/manifest-findings.ts";
import { readManifests } from "./gates/read-manifests.ts";
import { readSources } from "./gates/read-sources.ts";
import { readFolder, readRaw } from "./gates/read-folder.ts";
import type { Judging } from "./gates/report-findings.ts";
import { readStoredRuns, storedFindings } from "./gates/stored-runs.ts";
import { defaults } from "./harness-catalogue.ts";
import { sealKey } from "./harness-key.ts";
import { findPolicy, neverWaived } from "./harness-policy.ts";
import { measures } from "./measures/index.ts";
import { gateText } from "./reporters/gate-text.ts";

// The part of the composition root that decides over reports that are there already.

/** What `gate` takes. */
export interface GateFlags extends LimitFlags {
  readonly coverage: string;
  /** A policy's file, or the name of one that comes with the package; undefined: the flags alone. */
  readonly policy: string | undefined;
  /** What `plan --json` printed; undefined: as the policy says. */
  readonly plan: string | undefined;
  /** The variable of the environment that says how the jobs of a workflow ended; undefined: there are none. */
  readonly jobs?: string | undefined;
  /** Where the decision is written; undefined: decision.json in the folder. */
  readonly decision: string | undefined;
  /** The file of the key that manifests must be sealed with; undefined: as the variable says, if it does. */
  readonly sealKeyFile?: string | undefined;
  readonly tell?: (line: string) => void;
  readonly columns: number;
}

/** Decides over a folder of reports, writes the decision file, says why. Throws `HarnessError` (exit 64) for limits that are none, 12 for a policy that is none. */
export async function decideGate(
  asked: string | undefined,
  flags: GateFlags,
): Promise<Outcome & { readonly decision: Decision }> {
  const file = decisionFile(asked, flags.decision);
  // A decision from before must not be taken for this one, should this one not come about.
  forget(file);
  const { place, policy } = askedGate(asked, flags);
  const decidedAt = wallTime();
  const judging = { policy, nowMs: Date.parse(decidedAt), ...gateJudges };
  const decision = await decisionOver(place, judging, decidedAt);
  const problem = write(file, decision);
  const exitCode = strongestExitCode([decision.exit_code, ...(problem === null ? [] : [exitCodes.unavailable])]);
  const unwritten = [
    `The decision could not be written to ${file}: ${problem}`,
    `exit ${exitCode} (${exitCodeName(exitCode)})`,
  ];
  return {
    exitCode,
    text: [gateText(decision, flags.columns), ...(problem === null ? [] : unwritten)].join("\n"),
    json: problem === null ? decision : { ...decision, not_written: problem },
    decision,
  };
}

/** Where the evidence lies that a call means, and by what it is decided. Throws `HarnessError` as `decideGate`. */
export function askedGate(
  asked: string | undefined,
  flags: GateFlags,
): { readonly place: GatePlace; readonly policy: Policy } {
  const policy = policyOf(flags, flags.policy === undefined ? contractAlone : findPolicy(flags.policy));
  const coverage = nearby(resolve(given(flags.coverage, "--coverage") ?? flags.coverage));
  const folder = folderOf(asked);
  const tell = flags.tell ?? (() => undefined);
  const key = sealKey({ file: flags.sealKeyFile, use: "tell", evidence: folder, tell });
  const plan = given(flags.plan, "--plan") ?? policy.release.planFile;
  return { place: { folder, coverage, plan, sealKey: key, jobs: jobsSaid(given(flags.jobs, "--jobs-env")) }, policy };
}

function folderOf(asked: string | undefined): string {
  const folder = nearby(resolve(given(asked, "FOLDER") ?? defaults().out ?? "reports"));
  refuseFile(folder);
  return folder;
}

const units: Readonly<Record<string, Unit>> = Object.fromEntries(
  Object.values(measures).map(({ name, unit }) => [name, unit]),
);

/** What the gate judges evidence by, besides policy and time. */
export const gateJudges: Pick<Judging, "expectations" | "units"> = { expectations: expectationVerdicts, units };

/** Where the evidence lies. */
export interface GatePlace {
  readonly folder: string;
  readonly coverage: string;
  /** Null: completeness is told by the policy and the reports alone. */
  readonly plan: string | null;
  /** The key that manifests must be sealed with; null or absent: seals cannot be told. */
  readonly sealKey?: SealKey | null;
  /** How the jobs ended that made it; null or absent: nobody asks. */
  readonly jobs?: RawJobs | null;
}

function jobsSaid(variable: string | undefined): RawJobs | null {
  return variable === undefined ? null : { variable, text: environmentVariable(variable) };
}

/** The decision over what lies in a folder, at a time. */
export async function decisionOver(place: GatePlace, judging: Judging, decidedAt: string): Promise<Decision> {
  const raw = rawEvidence(place, judging.policy);
  const evidence = evidenceOf(raw, judging);
  const stored = await readStoredRuns(raw.folder.runFolders, evidence.chaos);
  const asked = manifestsAsked(place, judging.policy, { raw, evidence });
  const { findings, notes } = manifestFindings(raw.folder, evidence.chaos, asked);
  const ofJobs = place.jobs === null || place.jobs === undefined ? [] : jobFindings(place.jobs);
  const found = [...storedFindings(stored, evidence.chaos), ...findings, ...ofJobs];
  const decision = decisionOf(evidence, found, { judging, decidedAt });
  return { ...decision, warnings: [...decision.warnings, ...notes] };
}

/** The folders of runs as they are held against their manifests, and by what. */
export function manifestsAsked(
  place: GatePlace,
  { release }: Policy,
  { raw, evidence }: { readonly raw: RawEvidence; readonly evidence: Evidence },
): ManifestsAsked {
  const runs = readManifests(raw.folder, evidence.chaos);
  return { runs, key: place.sealKey ?? null, isRequired: release.isSealRequired };
}

/** Everything that is decided by, as it lies on the disk. */
export function rawEvidence(place: GatePlace, policy: Policy): RawEvidence {
  return {
    folder: readFolder(place.folder),
    coverage: readRaw(place.coverage),
    sources: readSources(policy),
    plan: place.plan === null ? null : readRaw(place.plan),
  };
}

/** The decision over evidence that was read, with what else was found. */
export function decisionOf(
  evidence: Evidence,
  found: readonly Finding[],
  { judging, decidedAt }: { readonly judging: Judging; readonly decidedAt: string },
): Decision {
  const { policy, expectations } = judging;
  const { release, marginalShare } = policy;
  const asked = (all: readonly Asked[], prefix: (name: string) => string) =>
    all.map(
      (one) => [one.name, askedCriterion(one, { expectations, marginalShare, prefix: prefix(one.name) })] as const,
    );
  return decide(
    { ...evidence, findings: [...evidence.findings, ...found] },
    {
      criteria: { ...criteria, ...Object.fromEntries(asked(release.criteria, () => "")) },
      triggers: Object.fromEntries(asked(release.noGo, (name) => `no-go trigger ${name}: `)),
      policy,
      neverWaived,
      decidedAt,
    },
  );
}

function refuseFile(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) return;
  throw new HarnessError(`${folder} is a file; the gate decides over a folder of reports`, {
    code: "no-folder",
    exit: "usage",
    next: "prism-chaos gate reports",
  });
}

/** Where the decision goes. Throws `HarnessError` (exit 64) for a file that holds anything but a decision: it would be lost. */
function decisionFile(folder: string | undefined, asked: string | undefined): string {
  const file = given(asked, "--decision");
  if (file === undefined) return join(folderOf(folder), "decision.json");
  return replaceableFile(file, { is: "decision", keys: ["recommendation"] });
}

function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Then it cannot be written either, which is told.
  }
}

/** Writes the decision; null, or why it could not be. */
function write(file: string, decision: Decision): string | null {
  try {
    writeJsonAtomic(file, decision);
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
