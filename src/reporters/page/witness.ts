import type { History, Operation } from "../../core/history.ts";
import type { Evidence, Verdict } from "../../core/verdict.ts";

/** What speaks against the system in one place: an entry of a verdict's evidence, with the operations that it names. */
export interface Witness {
  /** Its number on the page, from 1: W1. */
  readonly number: number;
  readonly check: string;
  readonly evidence: Evidence;
  readonly operations: readonly Operation[];
  /** Where it stands on the time axis, in ms since the run's start; null: nowhere. */
  readonly atMs: number | null;
}

/** Of one verdict so many are told whole; the others are counted. */
export const mostOfOneCheck = 3;
const mostOperations = 12;

/** The evidence of every verdict that failed, in the order of the verdicts. */
export function witnessesOf(verdicts: readonly Verdict[], history: History): readonly Witness[] {
  const told = verdicts
    .filter(({ status }) => status === "fail")
    .flatMap(({ check, evidence }) => evidence.slice(0, mostOfOneCheck).map((one) => ({ check, evidence: one })));
  const wanted = new Set(told.flatMap(({ evidence }) => (evidence.operations ?? []).slice(0, mostOperations)));
  const found = new Map<number, Operation>();
  for (const operation of wanted.size === 0 ? [] : history.operations()) {
    if (wanted.has(operation.op)) found.set(operation.op, operation);
  }
  return told.map(({ check, evidence }, index) => {
    const operations = (evidence.operations ?? []).flatMap((op) => found.get(op) ?? []).slice(0, mostOperations);
    return { number: index + 1, check, evidence, operations, atMs: placeOf(evidence, operations) };
  });
}

/** The last of its operations that was sent is the one that contradicts the others. Final reads tell late of what was lost early. */
function placeOf({ atMs = [] }: Evidence, operations: readonly Operation[]): number | null {
  const asked = operations.filter(({ client }) => !client.startsWith("final"));
  const sent = (asked.length > 0 ? asked : operations).map(({ invokedMs }) => invokedMs);
  if (sent.length > 0) return Math.max(...sent);
  return atMs[0] ?? null;
}
