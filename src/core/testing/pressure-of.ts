import type { EventOf, HistoryEvent } from "../history-event.ts";
import type { JsonObject } from "../json.ts";
import type { Plan } from "../plan.ts";
import { faultEvents } from "./history-of.ts";
import { everyone } from "./selections.ts";

type Told<T extends HistoryEvent["type"]> = Partial<Omit<EventOf<T>, "type" | "atMs">>;

/** For tests: a plan of one fault `f` of this kind, put on `n1` and `n2` (all nodes there are) with these parameters. */
export function faultPlan(fault: string, params: JsonObject): Partial<Plan> {
  const on = { kind: "nodes", selections: [everyone] } as const;
  const nodes = ["n1", "n2"];
  return { nodes, timeline: [{ kind: "inject", id: "f", fault, params, on, forMs: 1000, isAwaited: true }] };
}

/** For tests: that fault in force from 1000 to 9000 ms on both nodes. */
export function faultOfBoth(): readonly HistoryEvent[] {
  const cast = { [everyone.text]: ["n1", "n2"] };
  return faultEvents({ fault: "f", injected: [990, 1000], healed: [9000, 9010], cast });
}

/** For tests: a block put or read, asked for 5 ms before: read whole from n1 unless said. */
export function blockAt(atMs: number, told: Told<"block.ended"> = {}): HistoryEvent {
  const { kind = "get", outcome = "ok" } = told;
  const usual = { sentMs: atMs - 5, node: "n1", block: "b", kind, outcome, says: null };
  const error = outcome === "ok" ? null : "told so";
  return {
    type: "block.ended",
    atMs,
    ...usual,
    intact: kind === "get" && outcome === "ok" ? true : null,
    error,
    ...told,
  };
}

/** For tests: a task given to n1 and taken, unless said. */
export function taskAt(atMs: number, told: Told<"task.ended"> = {}): HistoryEvent {
  return { type: "task.ended", atMs, sentMs: atMs - 5, node: "n1", outcome: "ok", says: null, error: null, ...told };
}

/** For tests: a task that n1 put off. */
export function putOffAt(atMs: number): HistoryEvent {
  return taskAt(atMs, { outcome: "fail", says: "throttled", error: "HTTP 429" });
}
