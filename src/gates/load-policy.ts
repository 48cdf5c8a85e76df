import {
  compileSchema,
  invalid,
  type Problem,
  readDocument,
  schemaProblems,
  type SourceDocument,
} from "../core/document.ts";
import { durationMs } from "../core/duration.ts";
import { HarnessError } from "../core/harness-error.ts";
import { lazily } from "../core/lazily.ts";
import { expectedIn } from "./expected.ts";
import { askedIn } from "./asked.ts";
import { share } from "../core/share.ts";
import type { PolicyReading, PolicyVocabulary } from "./policy-reading.ts";
import { contractAlone, leastThreshold, type Policy, type Waiver } from "./policy.ts";
import { type PolicyFile, policySchema } from "./policy-schema.ts";
import { waiverProblems } from "./waiver.ts";

/** Stale at the latest after this (spec of the contracts), in ms. */
const oldestMs = 24 * 3_600_000;

const validator = lazily(() => compileSchema<PolicyFile>(policySchema));

/**
 * Reads a release policy. Throws `HarnessError` with every problem and its place: exit 12 for what stands in it, because nothing may be
 * decided by a policy that is not understood, 64 for a file that cannot be read. `shownAs`: how its places are told.
 */
export function loadPolicy(file: string, vocabulary: PolicyVocabulary, shownAs = file): Policy {
  try {
    return policyFrom(told(readDocument(file), shownAs), vocabulary);
  } catch (thrown) {
    if (!(thrown instanceof HarnessError) || thrown.code !== "invalid-file") throw thrown;
    const { message, next, problems } = thrown;
    throw new HarnessError(message, { code: "invalid-policy", exit: "unusable", next, problems, cause: thrown });
  }
}

/** The document under another name: a policy of the package is no path of this machine. */
function told(document: SourceDocument, file: string): SourceDocument {
  const renamed = (place: string): string => `${file}${place.slice(document.file.length)}`;
  return {
    ...document,
    file,
    place: (at) => renamed(document.place(at)),
    placeOfKey: (at) => renamed(document.placeOfKey(at)),
  };
}

function policyFrom(document: SourceDocument, vocabulary: PolicyVocabulary): Policy {
  const problems: Problem[] = [];
  const report = (pointer: string, message: string): void => void problems.push(document.problem(pointer, message));
  const validate = validator();
  const file = document.value;
  if (!validate(file)) throw invalid(document.file, schemaProblems(document, validate.errors ?? []));
  const reading: PolicyReading = { document, file, vocabulary, report };
  const policy: Policy = {
    ...contractAlone,
    limits: limitsOf(reading),
    oldestMs: ageOf(reading),
    marginalShare: share(file.limits?.marginalFrom ?? "") ?? contractAlone.marginalShare,
    release: {
      file: document.file,
      name: file.name,
      criteria: askedIn(reading, "criteria"),
      noGo: askedIn(reading, "noGo"),
      expected: expectedIn(reading),
      planFile: file.evidence?.plan ?? null,
      guards: {
        acknowledgedDuringFaults: file.evidence?.acknowledgedDuringFaults ?? 1,
        faultInForceMs: durationMs(file.evidence?.faultInForce ?? "0ms") ?? 0,
        loadShare: share(file.evidence?.load ?? ""),
      },
      isSealRequired: file.evidence?.seal === "required",
      waivers: waiversOf(reading),
    },
  };
  if (policy.release.guards.loadShare === 0)
    report("/evidence/load", "0% asks for nothing; take it away, or write more");
  waiverProblems(reading);
  if (problems.length > 0) throw invalid(document.file, problems);
  return policy;
}

function limitsOf({ file: { limits = {} }, report }: PolicyReading): Policy["limits"] {
  const usual = contractAlone.limits;
  const coverage = limits.coverage === undefined ? usual.coverage_threshold : Number.parseFloat(limits.coverage);
  if (!(coverage > leastThreshold && coverage <= 100))
    report("/limits/coverage", `write a share of lines above ${leastThreshold}% and at most 100%`);
  const time = (text: string | undefined, usualMs: number): number => durationMs(text ?? "") ?? usualMs;
  return {
    coverage_threshold: coverage,
    failover_sla_ms: time(limits.failover, usual.failover_sla_ms),
    p2p_connection_sla_ms: time(limits.p2pConnection, usual.p2p_connection_sla_ms),
    conflict_resolution_sla_ms: time(limits.conflictResolution, usual.conflict_resolution_sla_ms),
  };
}

function ageOf({ file, report }: PolicyReading): number {
  const asked = durationMs(file.evidence?.maxAge ?? "24h") ?? oldestMs;
  if (asked > oldestMs) report("/evidence/maxAge", "reports are stale after 24h at the latest; write less");
  if (asked === 0) report("/evidence/maxAge", "nothing is that fresh; write a time, as 6h");
  return asked;
}

function waiversOf({ document, file }: PolicyReading): readonly Waiver[] {
  return (file.waivers ?? []).map(({ variant, ...rest }, index) => ({
    ...rest,
    variant: variant ?? null,
    place: document.place(`/waivers/${index}`),
  }));
}
