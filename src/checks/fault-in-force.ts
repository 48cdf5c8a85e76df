import type { Check } from "../core/check.ts";
import { type FaultSpan, faultSpans, type History } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "fault-in-force";
/** So many signs are told one by one. */
const toldSigns = 20;

/**
 * Whether every fault of the timeline took hold: all its actions read back in force by the driver, and all its signs seen by the independent
 * witness. Never fails: it says whether the system was tested, not whether it is good.
 */
export const faultInForce: Check = {
  name,
  guards: "evidence",
  summary: "Every fault of the timeline was read back in force, and an independent witness saw all its signs.",
  check: ({ plan, history }) => {
    const injections = plan.timeline.filter((step) => step.kind === "inject");
    if (injections.length === 0) return unknownVerdict(name, "the timeline injects no fault");
    const spans = new Map(faultSpans(history).map((span) => [span.fault, span]));
    const found = injections.map(({ id }): Found => tookHold(id, spans.get(id)));
    const missing = [...found.flatMap(({ missing: reason }) => reason ?? []), ...missedSteps(history)];
    const evidence = found.flatMap((one) => one.evidence ?? []);
    const [first, ...rest] = evidence;
    if (missing.length > 0 || first === undefined) {
      return unknownVerdict(name, `it was not shown that the fault took hold: ${missing.join("; ")}`, evidence);
    }
    return { check: name, status: "pass", evidence: [first, ...rest] };
  },
};

interface Found {
  readonly missing: string | null;
  readonly evidence: Evidence | null;
}

function tookHold(fault: string, span: FaultSpan | undefined): Found {
  if (span === undefined) return { missing: `${fault} was never injected`, evidence: null };
  const { actions, inForce, seen, unseen, injectedMs } = span;
  const missing: string[] = [];
  if (actions === 0) missing.push("it had nothing to do");
  if (inForce < actions) missing.push(`${inForce} of ${actions} actions were read back in force`);
  if (unseen === null) missing.push("no witness looked for it");
  else if (unseen.length > 0) missing.push(`the witness did not see: ${shown(unseen)}`);
  else if (seen.length === 0) missing.push("it has no sign that a witness could see");
  if (missing.length > 0) {
    const problems = span.problems.length > 0 ? ` (problems: ${span.problems.join(", ")})` : "";
    return { missing: `${fault}: ${missing.join(", ")}${problems}`, evidence: null };
  }
  const text = `${fault}: ${inForce} of ${actions} actions were read back in force at ${injectedMs} ms, and an independent witness saw ${shown(seen)}`;
  return { missing: null, evidence: { text, atMs: [injectedMs] } };
}

function shown(signs: readonly string[]): string {
  const told = signs.slice(0, toldSigns).join(", ");
  return signs.length > toldSigns ? `${told}, and ${signs.length - toldSigns} more` : told;
}

function missedSteps(history: History): readonly string[] {
  return [...history.eventsOf("step.missed")].map(
    ({ reason, atMs }) => `the timeline ended early at ${atMs} ms: ${reason}`,
  );
}
