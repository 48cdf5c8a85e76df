import type { Check, Evidenced } from "../core/check.ts";
import type { EventOf } from "../core/history-event.ts";
import { sampleValue } from "../core/probe.ts";
import type { Evidence } from "../core/verdict.ts";
import { reportsOf } from "./reports-of.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "tampering-reported";

/**
 * Whether every node whose audit log was altered reported a breach of it that it had not reported before (spec/3-scenarios: "audit tampering
 * reported"), and no other node did. Unknown where no audit log was altered, or nobody told.
 */
export const tamperingReported: Check = {
  name,
  guards: "data",
  summary: "Every node whose audit log was altered reports the breach, and no other node does.",
  samples: ["metrics"],
  check: (evidence) => {
    const { plan, history } = evidence;
    const faults = plan.timeline.flatMap((step) =>
      step.kind === "inject" && step.fault === "alter-record" ? [step.id] : [],
    );
    const altered = [...history.eventsOf("fault.altered")].filter(({ fault }) => faults.includes(fault));
    if (altered.length === 0) return unknownVerdict(name, "no record was altered");
    const told = altered.map((one) => ({ ...one, found: breachesSince(one, evidence) }));
    const untold = told.filter(({ found }) => found === null).map(({ node }) => node);
    const silent = told.filter(({ found }) => found === 0);
    const hit = new Set(altered.map(({ node }) => node));
    const [first, ...rest] = [...silent.map(silentText), ...falseAlarms(hit, evidence)];
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest] };
    if (untold.length > 0) return unknownVerdict(name, `these told nothing of their audit log: ${untold.join(", ")}`);
    const nodes = [...hit];
    const text = `${nodes.join(", ")} reported a breach each after a record was altered, and no other node did`;
    return { check: name, status: "pass", evidence: [{ text, nodes, atMs: altered.map(({ atMs }) => atMs) }] };
  },
};

/** By how much a node's count of breaches grew after its log was altered; null: it did not tell. */
function breachesSince({ node, atMs }: EventOf<"fault.altered">, evidence: Evidenced): number | null {
  const all = reportsOf(node, 0, evidence).flatMap((sample) => {
    const count = sampleValue(sample, "auditBreaches");
    return typeof count === "number" ? [{ sentMs: sample.sentMs, count }] : [];
  });
  const before = all.filter(({ sentMs }) => sentMs < atMs).at(-1)?.count ?? 0;
  const after = all.filter(({ sentMs }) => sentMs >= atMs).at(-1);
  return after === undefined ? null : after.count - before;
}

function silentText({ node, atMs, files }: EventOf<"fault.altered">): Evidence {
  const text = `${node} never reported that ${files.join(", ")} was altered at ${atMs} ms`;
  return { text, nodes: [node], atMs: [atMs] };
}

/** Nodes that report a breach although nobody altered anything of theirs. */
function falseAlarms(hit: ReadonlySet<string>, evidence: Evidenced): readonly Evidence[] {
  return evidence.plan.nodes
    .filter((node) => !hit.has(node))
    .flatMap((node): readonly Evidence[] => {
      const last = reportsOf(node, 0, evidence).at(-1);
      const count = sampleValue(last, "auditBreaches");
      if (last === undefined || typeof count !== "number" || count === 0) return [];
      const text = `${node} reports ${count} breaches of its audit log, which nobody altered`;
      return [{ text, nodes: [node], atMs: [last.atMs] }];
    });
}
