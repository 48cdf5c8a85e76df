import type { Finding, Limits } from "../core/decision.ts";
import type { Evidence } from "./evidence.ts";

/** What a criterion found: what was measured, and why that is not yes. */
export interface Judged {
  /** The file of the worst value, or where one should be. */
  readonly file: string;
  /** In words; null: nothing was. */
  readonly measured: string | null;
  readonly required: string;
  readonly findings: readonly Finding[];
  /** Whether what holds is close to its limit; absent: it is not, or there is no limit. */
  readonly isMarginal?: boolean;
}

/** One of the things that must all hold. Pure; on no evidence it is inconclusive. */
export interface Criterion {
  readonly summary: string;
  judge(evidence: Evidence, limits: Limits): Judged;
}
