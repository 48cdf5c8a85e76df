import type { Check } from "../core/check.ts";
import { faultSpans, type History, type Operation } from "../core/history.ts";
import { type Sample, sampleValue } from "../core/probe.ts";
import type { Evidence } from "../core/verdict.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "old-leader-steps-down";
/** So long after the last fault is gone a deposed leader must have heard of it, in ms: a few of any system's keep-alives. */
const settleMs = 1000;
/** So many breaches are told in full; the rest are counted. */
const toldBreaches = 5;

/**
 * Whether terms only go forward for clients: once an operation is acknowledged in a later term, nothing sent after that is acknowledged in an
 * earlier one, and in the end no node says of itself that it leads in an earlier term. It is what a client sees of two leaders at once.
 */
export const oldLeaderStepsDown: Check = {
  name,
  guards: "leadership",
  summary:
    "Once a later term has acknowledged something, nothing sent after that is acknowledged in an earlier one, and in the end nobody claims to lead in one.",
  check: ({ history }) => {
    const acknowledged = acknowledgedInTerms(history);
    const [first, ...rest] = breaches(acknowledged);
    if (first !== undefined) {
      const more: Evidence = {
        text: `${rest.length + 1} operations were acknowledged by a leader that was deposed before they were sent`,
      };
      return { check: name, status: "fail", evidence: [more, first, ...rest.slice(0, toldBreaches - 1)] };
    }
    const claims = staleClaims(
      history,
      acknowledged.reduce((latest, { term }) => Math.max(latest, term), -1),
    );
    const [claim, ...claimed] = claims;
    if (claim !== undefined) return { check: name, status: "fail", evidence: [claim, ...claimed] };
    const terms = [...new Set(acknowledged.map(({ term }) => term))].sort((left, right) => left - right);
    if (terms.length < 2) {
      return unknownVerdict(name, "no later term acknowledged anything, so that no leader was seen to be deposed");
    }
    const text = `${acknowledged.length} acknowledged operations over the terms ${terms.join(", ")}: none sent after a later term's acknowledgement was acknowledged in an earlier one`;
    return { check: name, status: "pass", evidence: [{ text, terms }] };
  },
};

/** Nodes that, when they were asked last, after all was healed, said of themselves that they lead in a term before this one. */
function staleClaims(history: History, latestTerm: number): readonly Evidence[] {
  const healedMs = Math.max(...faultSpans(history).map(({ healedMs: ms }) => ms ?? Infinity));
  const last = new Map<string, Sample>();
  for (const sample of history.eventsOf("probe.sampled")) {
    if (sample.probe === "leader" && sample.error === null) last.set(sample.node, sample);
  }
  return [...last.values()].flatMap((sample): readonly Evidence[] => {
    const [leader, term] = [sampleValue(sample, "leader"), sampleValue(sample, "term")];
    if (sample.sentMs < healedMs + settleMs || leader !== sample.node || typeof term !== "number") return [];
    if (term >= latestTerm) return [];
    const text = `${sample.node} still said at ${sample.atMs} ms that it leads, in term ${term}; term ${latestTerm} had acknowledged operations, and all was healed at ${healedMs} ms`;
    return [{ text, nodes: [sample.node], terms: [term, latestTerm], atMs: [sample.atMs] }];
  });
}

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
