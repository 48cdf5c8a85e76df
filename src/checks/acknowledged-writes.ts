import type { Check } from "../core/check.ts";
import type { Operation } from "../core/history.ts";
import type { Evidence, Verdict } from "../core/verdict.ts";
import { finalReadsMs, finalsOf, type WrittenKey, writtenKeys } from "../core/written-keys.ts";
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
  guards: "data",
  summary:
    "After healing, every key with an acknowledged write reads as its last write, or one concurrent with it or in doubt.",
  check: ({ history }) => {
    const finalMs = finalReadsMs(history);
    const keys = [...writtenKeys(history, finalMs ?? Infinity)].filter(
      ([, { acknowledged }]) => acknowledged.length > 0,
    );
    if (keys.length === 0) return unknownVerdict(name, "no write was acknowledged");
    if (finalMs === null) return unknownVerdict(name, "the run did not come to its final reads");
    const losses = keys.flatMap(([key, written]) => lossOf(key, written) ?? []);
    const [first, ...rest] = losses;
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...told(rest)] };
    const notRead = keys.filter(([, { finals }]) => finals.length === 0).map(([key]) => key);
    return notRead.length > 0 ? notVerified(notRead, keys.length) : verified(keys.map(([, written]) => written));
  },
};

/** Final reads that gave what the key cannot hold any more, or null if all gave what it may. */
function lossOf(key: string, written: WrittenKey): Evidence | null {
  const { wrong, standing } = finalsOf(written);
  const [read, ...others] = wrong;
  const last = lastOf(standing);
  if (read === undefined || last === undefined) return null;
  const also = others.length === 0 ? "" : `, and so did ${others.length} more final reads of it`;
  const text = `${key} lost what was acknowledged. ${operationText(last)}. After healing, ${operationText(read)}, ${valueFound(read, written)}${also}`;
  return operationEvidence(text, [last, read]);
}

/** What the value is that a final read must not have given. */
function valueFound({ value }: Operation, { acknowledged, refused }: WrittenKey): string {
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

function verified(keys: readonly WrittenKey[]): Verdict {
  const writes = keys.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  const doubts = keys.reduce((sum, { inDoubt }) => sum + inDoubt.length, 0);
  const finals = keys.flatMap((written) => written.finals);
  const nodes = [...new Set(finals.map(({ node }) => node))].sort();
  const asked = `${finals.length} final reads on ${nodes.join(", ")}`;
  const text = `${writes} writes to ${keys.length} keys were acknowledged (${doubts} more are in doubt); ${asked} gave each of these keys a value that its last writes allow, and none was lost`;
  return { check: name, status: "pass", evidence: [{ text, nodes }] };
}
