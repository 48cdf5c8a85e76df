import type { Measure } from "../core/check.ts";
import { type FaultSpan, faultSpans, type History, type Operation } from "../core/history.ts";
import type { Measurement } from "../core/measurement.ts";
import { type Look, thinned, timeMeasurement, type Track } from "../core/track.ts";

const measured = { measure: "failover.time", unit: "ms" } as const;

/**
 * From the first fault in force to the first write or cas, sent after that, acknowledged under a later term than any before, in ms
 * (spec/1-mission: < 5 s). Not measured if no leader was lost; beyond if none took over before the traffic ended.
 */
export const failoverTime: Measure = {
  name: measured.measure,
  unit: measured.unit,
  summary: "From the fault in force to the first write, sent after it, that is acknowledged under a later term.",
  measure: ({ history }) => {
    const fault = faultSpans(history)[0];
    if (fault === undefined) return notMeasured("no fault was injected");
    if (fault.actions === 0 || fault.inForce < fault.actions) {
      return notMeasured(`fault ${fault.fault} never took hold: ${fault.inForce} of ${fault.actions} actions in force`);
    }
    const term = termBefore(history, fault);
    if (term === null) {
      return notMeasured(
        `no write was acknowledged, with its term, before fault ${fault.fault}: nothing to compare with`,
      );
    }
    const first = firstUnderLaterTerm(history, fault, term);
    return first === null ? neverTookOver(history, fault, term) : bracket({ history, fault, term, first });
  },
};

interface Failover {
  readonly history: History;
  readonly fault: FaultSpan;
  /** The latest term that was acknowledged before the fault. */
  readonly term: number;
  readonly first: Operation;
}

/** The upper end counts from the first change, which may already have acted; the lower end stops at the last sign of the old state. */
function bracket({ history, fault, term, first }: Failover): Measurement {
  const by = `operation ${first.op} (${first.kind} on ${first.node}), acknowledged by ${first.leader ?? "a leader that it does not name"}`;
  const note = `${named(fault)}; ended by ${by} in term ${first.term}, where the latest before was ${term}`;
  // The write itself, when it was sent, still met the old state.
  const looks = [...givenUp(history, fault, first.completedMs), first.invokedMs].sort((left, right) => left - right);
  const track = trackOf(fault, [...looks.map((atMs): Look => [atMs, false]), [first.completedMs, true]]);
  return timeMeasurement([track], { measure: measured.measure, note, samples: 1 });
}

/** When writes sent to the faulted system were given up before `endMs`: each a sign of the old state. */
function givenUp(history: History, { injectedMs }: FaultSpan, endMs: number): readonly number[] {
  const times: number[] = [];
  for (const { kind, outcome, completedMs } of history.operations()) {
    if (kind !== "read" && outcome !== "ok" && completedMs > injectedMs && completedMs < endMs) times.push(completedMs);
  }
  return times;
}

function trackOf({ fault, startedMs, injectedMs }: FaultSpan, looks: readonly Look[]): Track {
  return { subject: fault, from: [startedMs, injectedMs], looks: thinned(looks), holdMs: 0 };
}

/** The latest term of what was acknowledged before the fault's first change, or null if no write was among it. */
function termBefore(history: History, { startedMs }: FaultSpan): number | null {
  let latest: number | null = null;
  let hasWrite = false;
  for (const { kind, outcome, term, completedMs } of history.operations()) {
    if (outcome !== "ok" || term === null || completedMs > startedMs) continue;
    latest = Math.max(latest ?? term, term);
    hasWrite ||= kind !== "read";
  }
  return hasWrite ? latest : null;
}

function firstUnderLaterTerm(history: History, { injectedMs }: FaultSpan, term: number): Operation | null {
  let first: Operation | null = null;
  for (const operation of acknowledgedWrites(history, injectedMs)) {
    const isLater = operation.term !== null && operation.term > term;
    if (isLater && (first === null || operation.completedMs < first.completedMs)) first = operation;
  }
  return first;
}

/** No later term came: the leader was never lost, or came back when the fault was healed, or nobody leads to this day. */
function neverTookOver(history: History, fault: FaultSpan, term: number): Measurement {
  const healMs = fault.healStartedMs ?? Infinity;
  let returned: Operation | null = null;
  for (const operation of acknowledgedWrites(history, fault.injectedMs)) {
    if (operation.completedMs <= healMs) {
      if (operation.term === null) return notMeasured(`operation ${operation.op}, sent after the fault, names no term`);
      const reason = `operation ${operation.op}, sent after it, was acknowledged in term ${operation.term}, and no term later than ${term} ever came`;
      return notMeasured(`no leader was lost by fault ${fault.fault}: ${reason}`);
    }
    returned ??= operation;
  }
  const endMs = returned === null ? trafficEndMs(history) : healMs;
  const ending =
    returned === null
      ? "and none in the old term either, until the traffic ended"
      : `until its healing began; after that the old term went on (operation ${returned.op})`;
  const looks = [...givenUp(history, fault, endMs), endMs].sort((left, right) => left - right);
  return timeMeasurement(
    [
      trackOf(
        fault,
        looks.map((atMs): Look => [atMs, false]),
      ),
    ],
    {
      measure: measured.measure,
      note: `${named(fault)}; no write sent after it was acknowledged in a term later than ${term}, ${ending}`,
      samples: looks.length,
    },
  );
}

function* acknowledgedWrites(history: History, afterMs: number): Iterable<Operation> {
  for (const operation of history.operations()) {
    const { kind, outcome, invokedMs } = operation;
    if (kind !== "read" && outcome === "ok" && invokedMs > afterMs) yield operation;
  }
}

/** Nobody writes any more once the final reads have begun, so that no failover could be seen. */
function trafficEndMs(history: History): number {
  for (const { phase, atMs } of history.eventsOf("phase.entered")) if (phase === "final-reads") return atMs;
  return history.endMs;
}

function named(fault: FaultSpan): string {
  return `first fault: ${fault.fault}, in force at ${fault.injectedMs} ms`;
}

function notMeasured(reason: string): Measurement {
  return { kind: "not-measured", ...measured, reason };
}
