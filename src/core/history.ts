import type { EventOf, HistoryEvent, HistoryEventType, OperationKind } from "./history-event.ts";
import type { Cast } from "./selection.ts";

/** How an operation ended. `info`: it may have happened, or may yet; also when the run ended before an answer came. */
export type Outcome = "ok" | "fail" | "info";

/** An operation from both its ends. */
export interface Operation {
  readonly op: number;
  readonly process: number;
  readonly client: string;
  readonly kind: OperationKind;
  readonly key: string;
  /** What was written (write, cas) or, for a read that was answered, what it returned. Null: absent, or not known. */
  readonly value: string | null;
  readonly expected: string | null;
  readonly node: string;
  readonly invokedMs: number;
  /** Infinity when no answer ever came. */
  readonly completedMs: number;
  readonly outcome: Outcome;
  readonly error: string | null;
  /** What a refusal said beside its error, by the word of the target file, or null. */
  readonly says: string | null;
  readonly leader: string | null;
  readonly term: number | null;
}

/** A run's history as a reader: events are made on the way out, so that a million of them never stand in memory as objects. */
export interface History {
  /** How many events there are. */
  readonly length: number;
  /** Time of the last event in ms, 0 if there is none. */
  readonly endMs: number;
  /** All events of these types (all, if none is named), in order. */
  events(): Iterable<HistoryEvent>;
  eventsOf<T extends HistoryEventType>(type: T): Iterable<EventOf<T>>;
  /** All operations in the order of their invocation, each with its completion. */
  operations(): Iterable<Operation>;
}

/** The agents that were told to join. */
export function joinedIn(history: History): readonly string[] {
  return [...history.eventsOf("join.asked")].map(({ node }) => node);
}

/** What a fault did and when, put together from its events. Times are ms; null: never happened. */
export interface FaultSpan {
  readonly fault: string;
  /** When the first change began, and when the last was read back in force. */
  readonly startedMs: number;
  readonly injectedMs: number;
  readonly actions: number;
  readonly inForce: number;
  readonly seen: readonly string[];
  readonly unseen: readonly string[] | null;
  readonly healStartedMs: number | null;
  readonly healedMs: number | null;
  /** Actions that were still read as in force after healing; null before it. */
  readonly residue: number | null;
  /** Signs still there after healing; null if it was not looked at. */
  readonly remaining: readonly string[] | null;
  readonly cast: Cast;
  /** What could not be done of injecting and healing, in words. */
  readonly problems: readonly string[];
}

/** The faults of a history in the order of their injection. */
export function faultSpans(history: History): readonly FaultSpan[] {
  const spans = new Map<string, FaultSpan>();
  const casts = new Map<string, Cast>();
  const change = (fault: string, part: Partial<FaultSpan>): void => {
    const known = spans.get(fault);
    if (known !== undefined) spans.set(fault, { ...known, ...part });
  };
  for (const event of history.eventsOf("fault.resolved")) casts.set(event.fault, event.cast);
  for (const event of history.eventsOf("fault.injected")) spans.set(event.fault, injectedSpan(event, casts));
  for (const event of history.eventsOf("fault.healed")) {
    const problems = [...(spans.get(event.fault)?.problems ?? []), ...event.problems];
    change(event.fault, { healStartedMs: event.startedMs, healedMs: event.atMs, residue: event.inForce, problems });
  }
  for (const event of history.eventsOf("fault.observed")) {
    const during = { seen: event.seen, unseen: event.unseen };
    change(event.fault, event.during === "force" ? during : { remaining: event.seen });
  }
  return [...spans.values()];
}

function injectedSpan(event: EventOf<"fault.injected">, casts: ReadonlyMap<string, Cast>): FaultSpan {
  return {
    fault: event.fault,
    startedMs: event.startedMs,
    injectedMs: event.atMs,
    actions: event.actions,
    inForce: event.inForce,
    seen: [],
    unseen: null,
    healStartedMs: null,
    healedMs: null,
    residue: null,
    remaining: null,
    cast: casts.get(event.fault) ?? {},
    problems: event.problems,
  };
}
