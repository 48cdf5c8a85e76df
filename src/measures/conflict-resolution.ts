import type { Evidenced, Measure } from "../core/check.ts";
import { type Cut, cutsIn } from "../core/cut.ts";
import { type History, joinedIn } from "../core/history.ts";
import type { Measurement } from "../core/measurement.ts";
import { nodesOf } from "../core/membership.ts";
import type { Sample } from "../core/probe.ts";
import { type Look, thinned, timeMeasurement } from "../core/track.ts";

const measured = { measure: "conflict.resolution", unit: "ms" } as const;
const probeName = "replicas-converged";

/**
 * From the links open again until every replica gives the same digest and no conflict is open, in ms (spec/1-mission: < 2 s). Measured only where
 * conflicting edits, acknowledged, were made to one field on both sides of the cut: otherwise there was nothing to resolve.
 */
export const conflictResolution: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary:
    "From the links open again to one digest on all replicas and no open conflict, where both sides had edited a field.",
  measure: (evidence) => {
    const { plan, history, probes } = evidence;
    const cut = cutsIn(plan, history).at(-1);
    if (cut === undefined) return notMeasured("no cut between sides took hold");
    if (cut.span.healedMs === null || cut.span.healStartedMs === null || cut.span.residue !== 0) {
      return notMeasured(`the cut ${cut.span.fault} was never wholly taken back`);
    }
    const fields = conflictingFields(history, cut);
    if (fields.length === 0) {
      return notMeasured(`no field was edited on both sides of ${cut.span.fault}: there was nothing to resolve`);
    }
    const converged = probes[probeName];
    if (converged === undefined) return notMeasured(`the steady state does not name the probe ${probeName}`);
    return resolution(evidence, cut, fields);
  },
};

function resolution({ plan, history, probes }: Evidenced, { span }: Cut, fields: readonly string[]): Measurement {
  const [startedMs, openMs] = [span.healStartedMs ?? 0, span.healedMs ?? 0];
  const nodes = nodesOf("members", plan, new Set(joinedIn(history)));
  const latest = new Map<string, Sample>();
  const looks: Look[] = [];
  let samples = 0;
  for (const sample of history.eventsOf("probe.sampled")) {
    if (sample.sentMs < openMs || sample.probe !== probes[probeName]?.operation) continue;
    latest.set(sample.node, sample);
    samples += 1;
    // Until every replica was asked, it is not known whether they agree.
    const holds = latest.size >= nodes.length && (probes[probeName]?.holds(latest, nodes) ?? false);
    looks.push([sample.atMs, holds]);
    if (holds) break;
  }
  if (latest.size < nodes.length)
    return notMeasured(`${latest.size} of ${nodes.length} replicas were asked after ${span.fault} was healed`);
  const shown = `${fields.slice(0, 3).join(", ")}${fields.length > 3 ? ", …" : ""}`;
  const note = `${span.fault} healed at ${openMs} ms; ${fields.length} fields had been edited on both sides: ${shown}`;
  const track = { subject: span.fault, from: [startedMs, openMs], looks: thinned(looks), holdMs: 0 } as const;
  return timeMeasurement([track], { measure: measured.measure, note, samples });
}

/** Registers that were written, acknowledged, on two sides of a cut while it was in force: neither side can have known the other's. */
export function conflictingFields(history: History, { span, sides }: Cut): readonly string[] {
  const writers = new Map<string, Set<number>>();
  for (const { sentMs, atMs, outcome, change, node, document, field } of history.eventsOf("edit.ended")) {
    if (outcome !== "ok" || change.kind !== "register") continue;
    if (sentMs < span.injectedMs || atMs > (span.healStartedMs ?? Infinity)) continue;
    const side = sides.findIndex((nodes) => nodes.includes(node));
    const name = `${document}/${field}`;
    if (side >= 0) writers.set(name, (writers.get(name) ?? new Set()).add(side));
  }
  return [...writers]
    .filter(([, by]) => by.size > 1)
    .map(([name]) => name)
    .sort();
}

function notMeasured(reason: string): Measurement {
  return { kind: "not-measured", ...measured, reason };
}
