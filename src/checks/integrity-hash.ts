import type { Check } from "../core/check.ts";
import { faultSpans } from "../core/history.ts";
import { digest } from "../core/json.ts";
import { finalReadsMs, finalsOf, type WrittenKey, writtenKeys } from "../core/written-keys.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "integrity-hash";

/**
 * Whether the hash over the final reads of all keys whose last write is certain is that of what was acknowledged, before the fault and
 * meanwhile (spec/1-mission, "integrity hash"). The order is that of the keys, so that it depends on no node.
 */
export const integrityHash: Check = {
  name,
  guards: "data",
  summary:
    "The hash of all keys whose last write is certain is that of what was acknowledged, before the fault and meanwhile.",
  check: ({ history }) => {
    const finalMs = finalReadsMs(history);
    if (finalMs === null) return unknownVerdict(name, "the run did not come to its final reads");
    const faultMs = Math.min(...faultSpans(history).map(({ startedMs }) => startedMs));
    const keys = [...writtenKeys(history, finalMs)].flatMap(([key, written]) => certain(key, written) ?? []);
    const read = keys.filter(({ found }) => found !== null);
    if (read.length === 0) return unknownVerdict(name, "of no key the last write is certain and was read in the end");
    if (read.length < keys.length) {
      return unknownVerdict(name, `${keys.length - read.length} of ${keys.length} keys were not read in the end`);
    }
    const before = read.filter(({ atMs }) => atMs < faultMs).length;
    const [expected, found] = [hashOf(read, "value"), hashOf(read, "found")];
    const counts = `${read.length} keys, ${before} of them written last before the fault, ${read.length - before} since`;
    if (expected === found) {
      return { check: name, status: "pass", evidence: [{ text: `sha256 ${found} over ${counts}, as acknowledged` }] };
    }
    const wrong = read.filter((one) => one.found !== one.value).map(({ key }) => key);
    const text = `sha256 ${found.slice(0, 16)}… over ${counts} is not that of what was acknowledged, ${expected.slice(0, 16)}…: ${wrong.slice(0, 5).join(", ")}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ""}`;
    return { check: name, status: "fail", evidence: [{ text }] };
  },
};

interface Certain {
  readonly key: string;
  /** The last value acknowledged, when that was, and what was read in the end ("" for absent; null: it was not read). */
  readonly value: string;
  readonly atMs: number;
  readonly found: string | null;
}

/** A key of which exactly one write can be the last. */
function certain(key: string, written: WrittenKey): Certain | null {
  const { standing } = finalsOf(written);
  const [last] = standing;
  const value = last?.value ?? null;
  if (standing.length !== 1 || written.inDoubt.length > 0 || last === undefined || value === null) return null;
  const wrong = written.finals.find((final) => final.value !== value);
  const read = wrong ?? written.finals[0];
  return { key, value, atMs: last.completedMs, found: read === undefined ? null : (read.value ?? "") };
}

function hashOf(keys: readonly Certain[], which: "value" | "found"): string {
  const pairs = keys.map((one): readonly [string, string] => [one.key, one[which] ?? ""]);
  return digest([...pairs].sort(([left], [right]) => (left < right ? -1 : 1)));
}
