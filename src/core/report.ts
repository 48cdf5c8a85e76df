import { digest } from "./json.ts";
import type { ProxyKind, ProxyOrigin } from "./link-proxy.ts";
import type { Measurement } from "./measurement.ts";
import type { Plan } from "./plan.ts";
import type { Cast } from "./selection.ts";
import type { Verdict, VerdictStatus } from "./verdict.ts";

/** How many operations of each kind ended how, and how many were acknowledged while a fault was in force. */
export interface Traffic {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly okDuringFaults: number;
  /** Edits of documents and blocks, put or read, that were acknowledged while a fault was in force; absent: the run has none of them. */
  readonly besideDuringFaults?: number;
}

/** What follows from plan and history alone: judged again from the files of a run, it comes out the same. */
export interface Judgement {
  readonly plan: Plan;
  readonly status: VerdictStatus;
  readonly measurements: readonly Measurement[];
  readonly verdicts: readonly Verdict[];
  readonly traffic: Traffic;
  readonly faults: readonly FaultWindow[];
}

/** What one run came to, as it stands in report.json. */
export interface Report extends Judgement {
  readonly version: typeof reportVersion;
  readonly run: FinishedRun;
  /** SHA-256, in hexadecimal, of the bytes of history.ndjson, or null where it is not known. */
  readonly historyDigest: string | null;
  /** `sha256:` and the digest of all the rest: finds accidents and careless edits, not somebody who seals again. */
  readonly seal: string;
}

/** The format's version; raised whenever a reader of the one before would be wrong about it. */
export const reportVersion = 2;

/** A document with its seal over everything else in it. */
export function sealed<T extends object>(document: T): T & { readonly seal: string } {
  return { ...document, seal: `sha256:${digest(document)}` };
}

/** Whether a document is what was sealed. */
export function isSealIntact(document: { readonly seal: string }): boolean {
  const { seal, ...rest } = document;
  return seal === `sha256:${digest(rest)}`;
}

/** A fault's place on the time axis, in ms since the run's start; null: did not happen. */
export interface FaultWindow {
  readonly fault: string;
  readonly startedMs: number;
  readonly injectedMs: number;
  readonly observed: boolean;
  readonly healStartedMs: number | null;
  readonly healedMs: number | null;
  readonly cast: Cast;
}

/** Where, when and how a run was made. */
export interface RunInfo {
  readonly id: string;
  readonly series: string;
  /** How many runs its series was planned to have: fewer reports than that are a series cut short. */
  readonly planned: number;
  /** RFC 3339. */
  readonly startedAt: string;
  /** The command that runs just this repetition again, with the same plan. */
  readonly reproduce: string;
  readonly tool: { readonly version: string; readonly node: string; readonly platform: string };
  /** Commit of the tree in which it was run, or null outside of one. */
  readonly commit: string | null;
  /** Which attempt of its CI job made it, from 1, or null outside of one: attempts are added up, none replaces another. */
  readonly attempt: number | null;
  /** Which proxy stood on the links, and how it was come by; null: the plan has no links. */
  readonly proxy: { readonly kind: ProxyKind; readonly by: ProxyOrigin } | null;
}

/** A run that came to its end. */
export interface FinishedRun extends RunInfo {
  /** RFC 3339; what a gate tells its age from. */
  readonly finishedAt: string;
}
