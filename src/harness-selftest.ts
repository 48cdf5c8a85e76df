import { join } from "node:path";
import type { Outcome } from "./command.ts";
import { wallTime, wallTimeAfter } from "./core/clock.ts";
import type { Decision } from "./core/decision.ts";
import { packageFolder } from "./core/environment.ts";
import { exitCodes } from "./core/exit-code.ts";
import { evidenceOf } from "./gates/evidence.ts";
import { manifestFindings } from "./gates/manifest-findings.ts";
import { contractAlone, type Policy } from "./gates/policy.ts";
import { selfTest, type SelfTest } from "./gates/self-test/self-test.ts";
import type { Subject } from "./gates/self-test/mutant.ts";
import { readStoredRuns, storedFindings } from "./gates/stored-runs.ts";
import {
  askedGate,
  decisionOf,
  type GateFlags,
  gateJudges,
  type GatePlace,
  manifestsAsked,
  rawEvidence,
} from "./harness-gate.ts";
import { selfTestText } from "./reporters/self-test-text.ts";

// The part of the composition root that shows that the gate can block.

/** The evidence that comes with the package: a folder in which every class passed. */
function sample(): GatePlace {
  const folder = join(packageFolder(), "fixtures", "reports", "good");
  return { folder, coverage: join(folder, "coverage.json"), plan: null };
}

/** Mutates the evidence in a folder, or where that is no GO by itself the sample that comes with the package, and shows that each mutant is blocked. */
export async function selfTestGate(folder: string | undefined, flags: GateFlags): Promise<Outcome> {
  const { place, policy } = askedGate(folder, flags);
  const asked = run(await subjectOf(place, policy, wallTime()));
  const isOwn = asked.isBaseGo;
  const result = isOwn ? asked : run(await sampleSubject());
  const isWhole = result.isBaseGo && result.survivors.length === 0 && result.kinds.length > 0;
  const exitCode = isWhole ? exitCodes.pass : exitCodes.bug;
  const of = isOwn ? place.folder : null;
  return {
    exitCode,
    text: selfTestText(result, of),
    json: { exit_code: exitCode, evidence: of ?? "sample", ...result },
  };
}

/** The sample, an hour after its runs ended. */
export async function sampleSubject(): Promise<Subject> {
  const subject = await subjectOf(sample(), contractAlone, wallTime());
  const evidence = evidenceOf(subject.raw, subject.judging);
  const [ended = ""] = evidence.chaos.flatMap(({ content }) =>
    content.series.flatMap(({ reports }) => reports.map(({ run: one }) => one.finishedAt)),
  );
  return { ...subject, judging: { ...subject.judging, nowMs: Date.parse(wallTimeAfter(ended, 3_600_000) ?? "") } };
}

/** Everything that is decided by over evidence that lies somewhere, at a time. */
export async function subjectOf(place: GatePlace, policy: Policy, now: string): Promise<Subject> {
  const judging = { policy, nowMs: Date.parse(now), ...gateJudges };
  const raw = rawEvidence(place, policy);
  const evidence = evidenceOf(raw, judging);
  const stored = await readStoredRuns(raw.folder.runFolders, evidence.chaos);
  return { raw, stored, manifests: manifestsAsked(place, policy, { raw, evidence }), judging };
}

function run(subject: Subject): SelfTest {
  return selfTest(subject, decidedOver);
}

/** What the gate says of it. */
export function decidedOver({ raw, stored, manifests, judging }: Subject): Decision {
  const evidence = evidenceOf(raw, judging);
  const listed = manifests === null ? [] : manifestFindings(raw.folder, evidence.chaos, manifests).findings;
  return decisionOf(evidence, [...storedFindings(stored, evidence.chaos), ...listed], { judging, decidedAt: "" });
}
