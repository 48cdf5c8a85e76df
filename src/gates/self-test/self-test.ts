import type { Decision, Finding } from "../../core/decision.ts";
import { contractMutants } from "./contract-mutants.ts";
import { fieldMutants } from "./field-mutants.ts";
import { fileMutants } from "./file-mutants.ts";
import { manifestMutants } from "./manifest-mutants.ts";
import { measurementMutants } from "./measurement-mutants.ts";
import type { Mutant, Mutator, Subject } from "./mutant.ts";
import { policyMutants } from "./policy-mutants.ts";
import { reportMutants } from "./report-mutants.ts";
import { runMutants } from "./run-mutants.ts";

const mutators: readonly Mutator[] = [
  fileMutants,
  contractMutants,
  reportMutants,
  measurementMutants,
  runMutants,
  fieldMutants,
  policyMutants,
];

/** What became of the mutants of one kind. */
export interface KindResult {
  readonly kind: string;
  readonly mutants: number;
  readonly blocked: number;
}

/** What the self-test came to. */
export interface SelfTest {
  /** Whether the evidence is a GO without a change: only then a block shows anything. */
  readonly isBaseGo: boolean;
  readonly kinds: readonly KindResult[];
  /** Mutants that were not blocked, or not for what is wrong with them. */
  readonly survivors: readonly { readonly kind: string; readonly file: string; readonly said: string }[];
}

/** Mutates evidence in every way that is known here; each mutant must be blocked, by a finding of the right kind that names its file. */
export function selfTest(subject: Subject, decide: (subject: Subject) => Decision): SelfTest {
  const base = decide(subject);
  if (base.exit_code !== 0) return { isBaseGo: false, kinds: [], survivors: [] };
  // A manifest tells of every altered file: with it nothing would be shown of what else tells of one.
  const bare: Subject = { ...subject, manifests: null };
  const mutants = [...mutators.flatMap((mutator) => mutator(bare)), ...manifestMutants(subject)];
  const results = mutants.map((mutant) => {
    const decision = decide(mutant.subject);
    return { mutant, decision, isBlocked: isBlocked(mutant, decision) };
  });
  const byKind = Map.groupBy(results, ({ mutant }) => mutant.kind);
  return {
    isBaseGo: true,
    kinds: [...byKind].map(([kind, all]) => {
      return { kind, mutants: all.length, blocked: all.filter((one) => one.isBlocked).length };
    }),
    survivors: results
      .filter((one) => !one.isBlocked)
      .map(({ mutant: { kind, file }, decision }) => ({ kind, file, said: saidOf(decision) })),
  };
}

function isBlocked({ found, file }: Mutant, decision: Decision): boolean {
  const isNamed = (finding: Finding): boolean => finding.kind === found && finding.file.startsWith(file);
  return decision.exit_code !== 0 && decision.recommendation !== "GO" && decision.blocking_issues.some(isNamed);
}

function saidOf({ exit_code: exitCode, blocking_issues: issues }: Decision): string {
  const first = issues[0];
  return first === undefined
    ? `exit ${exitCode}`
    : `exit ${exitCode}: ${first.kind}, ${first.file} ${first.field}, ${first.reason}`;
}
