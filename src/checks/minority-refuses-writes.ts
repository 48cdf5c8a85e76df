import type { Check } from "../core/check.ts";
import { type Cut, cutsIn } from "../core/cut.ts";
import type { History, Operation } from "../core/history.ts";
import type { Plan } from "../core/plan.ts";
import type { Evidence, SomeEvidence } from "../core/verdict.ts";
import { operationEvidence } from "./operation-evidence.ts";
import { operationText } from "./operation-text.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "minority-refuses-writes";
/** So many accepted writes are told one by one. */
const toldWrites = 5;

/**
 * Whether no side without a majority of the voters acknowledged a write or compare-and-set that was sent to one of its nodes while it was cut
 * off (spec/3-scenarios: "minority side accepts no consensus write"). Unknown where none was even tried there.
 */
export const minorityRefusesWrites: Check = {
  name,
  guards: "leadership",
  summary: "While a side has no majority of the voters, no write that is sent to one of its nodes is acknowledged.",
  check: ({ plan, history }) => {
    const cuts = cutsIn(plan, history);
    if (cuts.length === 0) return unknownVerdict(name, "no cut between sides took hold");
    const tried = cuts.map((cut) => triedOn(cut, plan, history));
    const accepted = tried.flatMap((one) => one.filter(({ outcome }) => outcome === "ok"));
    const [first, ...rest] = accepted.slice(0, toldWrites).map(acceptedText);
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest] };
    const all = tried.flat();
    if (all.length === 0) {
      return unknownVerdict(name, "no write was sent to a side without a majority of the voters while it was cut off");
    }
    const nodes = new Set(all.map(({ node }) => node));
    const refused = all.filter(({ outcome }) => outcome === "fail").length;
    const text = `${all.length} writes were sent to ${nodes.size} nodes without a majority of the ${plan.voters.length} voters, and none was acknowledged: ${refused} were refused, ${all.length - refused} got no definite answer`;
    const evidence: SomeEvidence = [{ text, atMs: cuts.map(({ span }) => span.injectedMs) }];
    return { check: name, status: "pass", evidence };
  },
};

/** Writes that were sent to nodes of the sides without a majority, and ended or were given up, while the cut was in force. */
function triedOn({ span, sides }: Cut, plan: Plan, history: History): readonly Operation[] {
  const isMinority = (side: readonly string[]): boolean =>
    side.filter((node) => plan.voters.includes(node)).length <= plan.voters.length / 2;
  const minority = new Set(sides.filter(isMinority).flat());
  const endMs = span.healStartedMs ?? history.endMs;
  return [...history.operations()].filter(
    ({ kind, node, invokedMs, completedMs }) =>
      kind !== "read" && minority.has(node) && invokedMs >= span.injectedMs && completedMs <= endMs,
  );
}

function acceptedText(operation: Operation): Evidence {
  const text = `${operationText(operation)}, and ${operation.node} was on a side without a majority of the voters`;
  return operationEvidence(text, [operation]);
}
