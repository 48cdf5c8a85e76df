import type { Check } from "../core/check.ts";
import type { History, Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "old-leader-steps-down";
/** So many breaches are told in full; the rest are counted. */
const toldBreaches = 5;

/**
 * Whether terms only go forward for clients: once an operation is acknowledged in a later term, nothing sent after that is acknowledged in an
 * earlier one. It is what a client sees of two leaders at once, of whatever terms.
 */
export const oldLeaderStepsDown: Check = {
  name,
  summary: "Once a later term has acknowledged something, nothing sent after that is acknowledged in an earlier one.",
  check: ({ history }) => {
    const acknowledged = acknowledgedInTerms(history);
    const [first, ...rest] = breaches(acknowledged);
    if (first !== undefined) {
      const more: Evidence = {
        text: `${rest.length + 1} operations were acknowledged by a leader that was deposed before they were sent`,
      };
      return { check: name, status: "fail", evidence: [more, first, ...rest.slice(0, toldBreaches - 1)] };
    }
    const terms = [...new Set(acknowledged.map(({ term }) => term))].sort((left, right) => left - right);
    if (terms.length < 2) {
      return unknownVerdict(name, "no later term acknowledged anything, so that no leader was seen to be deposed");
    }
    const text = `${acknowledged.length} acknowledged operations over the terms ${terms.join(", ")}: none sent after a later term's acknowledgement was acknowledged in an earlier one`;
    return { check: name, status: "pass", evidence: [{ text, terms }] };
  },
};

type InTerm = Operation & { readonly term: number };

function acknowledgedInTerms(history: History): readonly InTerm[] {
  const found: InTerm[] = [];
  for (const operation of history.operations()) {
    const { outcome, term } = operation;
    if (outcome === "ok" && term !== null) found.push({ ...operation, term });
  }
  return found;
}

/** One sweep: for each operation, in the order of sending, the latest term that had been acknowledged by then. */
function breaches(acknowledged: readonly InTerm[]): readonly Evidence[] {
  const bySending = acknowledged.toSorted((left, right) => left.invokedMs - right.invokedMs);
  const byAnswer = acknowledged.toSorted((left, right) => left.completedMs - right.completedMs);
  const found: Evidence[] = [];
  let latest: InTerm | undefined;
  let next = 0;
  for (const operation of bySending) {
    for (
      let answer = byAnswer[next];
      answer !== undefined && answer.completedMs < operation.invokedMs;
      answer = byAnswer[next]
    ) {
      if (latest === undefined || answer.term > latest.term) latest = answer;
      next += 1;
    }
    if (latest === undefined || operation.term >= latest.term) continue;
    const text = `${operationText(operation)}, although before it was sent ${operationText(latest)}`;
    found.push(operationEvidence(text, [latest, operation]));
  }
  return found;
}
