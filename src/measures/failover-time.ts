import type { Measure } from "../core/check.ts";
import { type FaultSpan, faultSpans, type History, type Operation } from "../core/history.ts";
import type { Measurement } from "../core/measurement.ts";

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
  const high = first.completedMs - fault.startedMs;
  const low = Math.min(high, Math.max(0, lastOldStateMs(history, first) - fault.injectedMs));
  const by = `operation ${first.op} (${first.kind} on ${first.node}), acknowledged by ${first.leader ?? "a leader that it does not name"}`;
  return {
    kind: "measured",
    ...measured,
    low,
    high,
    resolutionMs: high - low,
    samples: 1,
    note: `${named(fault)}; ended by ${by} in term ${first.term}, where the latest before was ${term}`,
  };
}

/** The later of the invocation of that write and the last time before its acknowledgement at which a write was given up. */
function lastOldStateMs(history: History, first: Operation): number {
  let lastMs = first.invokedMs;
  for (const { kind, outcome, completedMs } of history.operations()) {
    const isOld = kind !== "read" && outcome !== "ok" && completedMs < first.completedMs;
    if (isOld && completedMs > lastMs) lastMs = completedMs;
  }
  return lastMs;
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
  return {
    kind: "beyond",
    ...measured,
    atLeast: Math.max(0, endMs - fault.injectedMs),
    note: `${named(fault)}; no write sent after it was acknowledged in a term later than ${term}, ${ending}`,
  };
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
