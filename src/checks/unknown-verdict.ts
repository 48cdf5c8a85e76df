import type { Evidence, Verdict } from "../core/verdict.ts";

/** The verdict of a check that could show neither, with the reason and what it did find. */
export function unknownVerdict(check: string, reason: string, evidence: readonly Evidence[] = []): Verdict {
  return { check, status: "unknown", reason, evidence };
}
