import type { Check, Evidenced } from "../core/check.ts";
import { faultSpans } from "../core/history.ts";
import type { Probe } from "../core/probe.ts";
import { SteadyWatch } from "../core/steady-watch.ts";
import type { Verdict } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "steady-before";
/** So long before the first fault the system must have been steady, in ms, and must have been looked at within that time. */
const steadyMs = 500;

/**
 * Whether every steady-state probe held when the first fault came, and for at least 500 ms before it. Never fails: of a system that was not
 * steady before, nothing that came after can be laid to the fault.
 */
export const steadyBefore: Check = {
  name,
  guards: "evidence",
  summary: `Every steady-state probe held when the first fault came, and for ${steadyMs} ms before.`,
  check: (evidence) => {
    const startedMs = Math.min(...faultSpans(evidence.history).map((span) => span.startedMs));
    if (startedMs === Infinity) return unknownVerdict(name, "no fault was injected, so there is no time before it");
    const wanted = evidence.plan.steadyState.probes;
    const unknown = wanted.filter((probe) => evidence.probes[probe] === undefined);
    if (unknown.length > 0) return unknownVerdict(name, `the plan's probes are not known: ${unknown.join(", ")}`);
    return judged(
      evidence,
      wanted.flatMap((probe) => evidence.probes[probe] ?? []),
      startedMs,
    );
  },
};

function judged({ plan, history }: Evidenced, probes: readonly Probe[], startedMs: number): Verdict {
  const watch = new SteadyWatch({ probes, membership: plan, sinceMs: 0 });
  const lastMs = new Map<string, number>();
  let samples = 0;
  for (const event of history.events()) {
    if (event.atMs > startedMs) continue;
    watch.hear(event);
    if (event.type !== "probe.sampled") continue;
    lastMs.set(event.probe, event.atMs);
    samples += 1;
  }
  if (probes.length === 0 || samples === 0)
    return unknownVerdict(name, "the system was not looked at before the first fault");
  const stale = probes.filter(({ operation }) => startedMs - (lastMs.get(operation) ?? -Infinity) > steadyMs);
  if (stale.length > 0) {
    const names = stale.map((probe) => probe.name).join(", ");
    return unknownVerdict(
      name,
      `nobody looked in the ${steadyMs} ms before the first fault (${startedMs} ms): ${names}`,
    );
  }
  const { holdsFromMs } = watch;
  if (holdsFromMs === null) {
    const broken = `when the first fault came (${startedMs} ms) these did not hold: ${watch.broken().join(", ")}`;
    return unknownVerdict(name, `the system was not steady before the fault: ${broken}`);
  }
  const heldMs = startedMs - holdsFromMs;
  if (heldMs < steadyMs) {
    const held = `all probes held only from ${holdsFromMs} ms, ${round(heldMs)} ms before the first fault`;
    return unknownVerdict(name, `the system was not steady for long enough: ${held}; ${steadyMs} ms are needed`);
  }
  const names = probes.map((probe) => probe.name).join(", ");
  const text = `${names} held on ${plan.nodes.length} nodes for ${round(heldMs)} ms until the first fault at ${startedMs} ms (${samples} samples)`;
  return { check: name, status: "pass", evidence: [{ text, nodes: plan.nodes, atMs: [holdsFromMs, startedMs] }] };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
