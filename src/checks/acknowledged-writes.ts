import type { Check } from "../core/check.ts";
import type { History, Operation } from "../core/history.ts";
import type { Evidence, Verdict } from "../core/verdict.ts";
import { finalReadsMs } from "./final-reads-ms.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "acknowledged-writes";
/** So many losses are told one by one; the others are counted. */
const toldLosses = 5;

/**
 * Whether nothing acknowledged is lost: after everything is healed and quiet, each key that had an acknowledged write reads as its last
 * one, or as one that was concurrent with it or may still have happened.
 */
export const acknowledgedWrites: Check = {
  name,
  summary:
    "After healing, every key with an acknowledged write reads as its last write, or one concurrent with it or in doubt.",
  check: ({ history }) => {
    const finalMs = finalReadsMs(history);
    const keys = [...keysOf(history, finalMs ?? Infinity)].filter(([, { acknowledged }]) => acknowledged.length > 0);
    if (keys.length === 0) return unknownVerdict(name, "no write was acknowledged");
    if (finalMs === null) return unknownVerdict(name, "the run did not come to its final reads");
    const losses = keys.flatMap(([key, written]) => lossOf(key, written) ?? []);
    const [first, ...rest] = losses;
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...told(rest)] };
    const notRead = keys.filter(([, { finals }]) => finals.length === 0).map(([key]) => key);
    return notRead.length > 0 ? notVerified(notRead, keys.length) : verified(keys.map(([, written]) => written));
  },
};

/** What was done to one key. */
interface Written {
  /** Writes and cas that were acknowledged. */
  readonly acknowledged: Operation[];
  /** Writes and cas that may have happened or may yet. */
  readonly inDoubt: Operation[];
  readonly refused: Operation[];
  /** Final reads that were answered. */
  readonly finals: Operation[];
}

function keysOf(history: History, finalMs: number): ReadonlyMap<string, Written> {
  const keys = new Map<string, Written>();
  for (const operation of history.operations()) {
    const { key, kind, outcome, invokedMs } = operation;
    const written = keys.get(key) ?? { acknowledged: [], inDoubt: [], refused: [], finals: [] };
    keys.set(key, written);
    if (kind === "read") {
      if (outcome === "ok" && invokedMs >= finalMs) written.finals.push(operation);
    } else if (outcome === "ok") {
      written.acknowledged.push(operation);
    } else {
      (outcome === "info" ? written.inDoubt : written.refused).push(operation);
    }
  }
  return keys;
}

/** Final reads that gave what the key cannot hold any more, or null if all gave what it may. */
function lossOf(key: string, written: Written): Evidence | null {
  const { acknowledged, inDoubt, finals } = written;
  const firstFinalMs = finals.reduce((least, { invokedMs }) => Math.min(least, invokedMs), Infinity);
  // Only a write that was over before the first final read can have put an end to others for all of these reads.
  const lastSentMs = acknowledged
    .filter(({ completedMs }) => completedMs < firstFinalMs)
    .reduce((latest, { invokedMs }) => Math.max(latest, invokedMs), -Infinity);
  const standing = acknowledged.filter(({ completedMs }) => completedMs >= lastSentMs);
  const allowed = new Set([...standing, ...inDoubt].map(({ value }) => value));
  const wrong = finals.filter(({ value }) => !allowed.has(value));
  const [read, ...others] = wrong;
  const last = lastOf(standing);
  if (read === undefined || last === undefined) return null;
  const also = others.length === 0 ? "" : `, and so did ${others.length} more final reads of it`;
  const text = `${key} lost what was acknowledged. ${operationText(last)}. After healing, ${operationText(read)}, ${valueFound(read, written)}${also}`;
  return operationEvidence(text, [last, read]);
}

/** What the value is that a final read must not have given. */
function valueFound({ value }: Operation, { acknowledged, refused }: Written): string {
  if (value === null) return "as if it had never been written";
  const older = acknowledged.find((operation) => operation.value === value);
  if (older !== undefined) return `which is older (operation ${older.op}, ended ${older.completedMs} ms)`;
  const denied = refused.find((operation) => operation.value === value);
  return denied === undefined ? "which nobody wrote" : `which was refused as operation ${denied.op}`;
}

function lastOf(operations: readonly Operation[]): Operation | undefined {
  return operations.reduce<Operation | undefined>(
    (last, operation) => (last === undefined || operation.completedMs > last.completedMs ? operation : last),
    undefined,
  );
}

function told(rest: readonly Evidence[]): readonly Evidence[] {
  const more = rest.length + 1 - toldLosses;
  const one = rest.slice(0, toldLosses - 1);
  return more > 0 ? [...one, { text: `${more} more keys lost what was acknowledged` }] : one;
}

function notVerified(notRead: readonly string[], all: number): Verdict {
  const which = notRead.slice(0, toldLosses).join(", ");
  const dots = notRead.length > toldLosses ? ", …" : "";
  const reason = `${notRead.length} of ${all} keys with acknowledged writes were not read after healing: ${which}${dots}`;
  return unknownVerdict(name, reason);
}

function verified(keys: readonly Written[]): Verdict {
  const writes = keys.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  const doubts = keys.reduce((sum, { inDoubt }) => sum + inDoubt.length, 0);
  const finals = keys.flatMap((written) => written.finals);
  const nodes = [...new Set(finals.map(({ node }) => node))].sort();
  const asked = `${finals.length} final reads on ${nodes.join(", ")}`;
  const text = `${writes} writes to ${keys.length} keys were acknowledged (${doubts} more are in doubt); ${asked} gave each of these keys a value that its last writes allow, and none was lost`;
  return { check: name, status: "pass", evidence: [{ text, nodes }] };
}
