import { rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { expectationVerdicts } from "./checks/expectations.ts";
import type { Outcome } from "./command.ts";
import { writeJsonAtomic } from "./core/atomic-file.ts";
import { wallTime } from "./core/clock.ts";
import type { Decision } from "./core/decision.ts";
import { exitCodes, strongestExitCode } from "./core/exit-code.ts";
import { HarnessError, messageOf } from "./core/harness-error.ts";
import type { Unit } from "./core/measurement.ts";
import { nearby } from "./core/nearby.ts";
import { criteria } from "./gates/criteria/index.ts";
import { decide } from "./gates/decide.ts";
import { evidenceOf } from "./gates/evidence.ts";
import { type LimitFlags, policyOf } from "./gates/policy.ts";
import { readFolder, readRaw } from "./gates/read-folder.ts";
import type { Judging } from "./gates/report-findings.ts";
import { readStoredRuns, storedFindings } from "./gates/stored-runs.ts";
import { defaults } from "./harness-catalogue.ts";
import { measures } from "./measures/index.ts";
import { gateText } from "./reporters/gate-text.ts";

export { defaultLimits } from "./gates/policy.ts";

// The part of the composition root that decides over reports that are there already.

/** What `gate` takes. */
export interface GateFlags extends LimitFlags {
  readonly coverage: string;
  /** Where the decision is written; undefined: decision.json in the folder. */
  readonly decision: string | undefined;
  readonly columns: number;
}

/** Decides over a folder of reports, writes the decision file, says why. Throws `HarnessError` (exit 64) for limits that are none. */
export async function decideGate(
  asked: string | undefined,
  flags: GateFlags,
): Promise<Outcome & { readonly decision: Decision }> {
  const policy = policyOf(flags);
  const folder = nearby(resolve(asked ?? defaults().out ?? "reports"));
  refuseFile(folder);
  const file = flags.decision ?? join(folder, "decision.json");
  // A decision from before must not be taken for this one, should this one not come about.
  forget(file);
  const decidedAt = wallTime();
  const judging = { policy, nowMs: Date.parse(decidedAt), ...gateJudges };
  const decision = await decisionOver({ folder, coverage: nearby(resolve(flags.coverage)) }, judging, decidedAt);
  const problem = write(file, decision);
  const unwritten = problem === null ? [] : [`The decision could not be written to ${file}: ${problem}`];
  return {
    exitCode: strongestExitCode([decision.exit_code, ...(problem === null ? [] : [exitCodes.unavailable])]),
    text: [gateText(decision, flags.columns), ...unwritten].join("\n"),
    json: problem === null ? decision : { ...decision, not_written: problem },
    decision,
  };
}

const units: Readonly<Record<string, Unit>> = Object.fromEntries(
  Object.values(measures).map(({ name, unit }) => [name, unit]),
);

/** What the gate judges evidence by, besides policy and time. */
export const gateJudges: Pick<Judging, "expectations" | "units"> = { expectations: expectationVerdicts, units };

/** The decision over what lies in a folder, at a time. */
export async function decisionOver(
  place: { readonly folder: string; readonly coverage: string },
  judging: Judging,
  decidedAt: string,
): Promise<Decision> {
  const folder = readFolder(place.folder);
  const evidence = evidenceOf({ folder, coverage: readRaw(place.coverage) }, judging);
  const stored = await readStoredRuns(folder.runFolders, evidence.chaos);
  const findings = [...evidence.findings, ...storedFindings(stored, evidence.chaos)];
  return decide({ ...evidence, findings }, { criteria, limits: judging.policy.limits, decidedAt });
}

function refuseFile(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) return;
  throw new HarnessError(`${folder} is a file; the gate decides over a folder of reports`, {
    code: "no-folder",
    exit: "usage",
    next: "prism-chaos gate reports",
  });
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
