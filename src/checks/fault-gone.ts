import type { Check } from "../core/check.ts";
import { type FaultSpan, faultSpans } from "../core/history.ts";
import type { Evidence, SomeEvidence } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "fault-gone";
/** So many signs are told one by one. */
const toldSigns = 20;

/**
 * Whether nothing of the faults is left: each was healed, read back as gone, and its signs were looked for and are not there. What the
 * harness could not take back is unknown; signs that stay although all is taken back are the system's own, and fail.
 */
export const faultGone: Check = {
  name,
  guards: "evidence",
  summary: "Every fault was taken back and read back as gone, and its signs are gone from the nodes.",
  check: ({ history }) => {
    const spans = faultSpans(history);
    if (spans.length === 0) return unknownVerdict(name, "no fault was injected");
    const left = spans.flatMap((span) => notTakenBack(span) ?? []);
    if (left.length > 0) return unknownVerdict(name, `the harness did not take everything back: ${left.join("; ")}`);
    const remaining = some(spans.filter((span) => (span.remaining ?? []).length > 0).map(stillThere));
    if (remaining !== null) return { check: name, status: "fail", evidence: remaining };
    const notLooked = spans.filter((span) => span.remaining === null).map(({ fault }) => fault);
    if (notLooked.length > 0) {
      return unknownVerdict(name, `nobody looked whether the signs were gone after healing: ${notLooked.join(", ")}`);
    }
    const gone = some(spans.map(isGone));
    return gone === null
      ? unknownVerdict(name, "no fault was injected")
      : { check: name, status: "pass", evidence: gone };
  },
};

function notTakenBack({ fault, healedMs, residue, actions, problems }: FaultSpan): string | null {
  if (healedMs === null || residue === null) return `${fault} was never healed`;
  if (residue === 0) return null;
  const why = problems.length > 0 ? ` (problems: ${problems.join(", ")})` : "";
  return `${fault} has ${residue} of ${actions} actions still in force after healing${why}`;
}

function stillThere({ fault, healedMs, remaining }: FaultSpan): Evidence {
  const all = remaining ?? [];
  const signs = `${all.slice(0, toldSigns).join(", ")}${all.length > toldSigns ? `, and ${all.length - toldSigns} more` : ""}`;
  const text = `${fault} was read back as gone at ${healedMs} ms, but the system did not come back from it: ${signs}, at the end of the recovery phase`;
  return { text, atMs: healedMs === null ? [] : [healedMs] };
}

function isGone({ fault, healedMs, actions }: FaultSpan): Evidence {
  const text = `${fault}: 0 of ${actions} actions were read back as still in force at ${healedMs} ms, and none of its signs was there after recovery`;
  return { text, atMs: healedMs === null ? [] : [healedMs] };
}

function some([first, ...rest]: readonly Evidence[]): SomeEvidence | null {
  return first === undefined ? null : [first, ...rest];
}
