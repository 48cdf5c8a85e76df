import type { Link } from "../action.ts";
import { signName } from "../fault.ts";
import type { Change, EventOf, HistoryEvent } from "../history-event.ts";
import type { Json } from "../json.ts";
import type { Plan } from "../plan.ts";
import type { Sample } from "../probe.ts";
import { faultEvents } from "./history-of.ts";
import { part, rest } from "./selections.ts";

/** For tests: every directed link between these nodes. */
export function fullMesh(nodes: readonly string[]): readonly Link[] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })));
}

/** For tests: what a plan says of a swarm of these nodes in which `left` is cut off from the rest, as the fault `cut`. */
export function cutPlan(nodes: readonly string[]): Partial<Plan> {
  const on = { kind: "sides", sides: [[part("left")], [rest]] } as const;
  const cut = { kind: "inject", id: "cut", fault: "partition", params: {}, on, forMs: 1000, isAwaited: true } as const;
  return { nodes, voters: nodes, links: fullMesh(nodes), timeline: [cut] };
}

/** For tests: the events of that cut: who is on which side, when it was in force and healed (null: never), and which links were seen silent. */
export function cutEvents(told: {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly injected?: readonly [number, number];
  readonly healed?: readonly [number, number] | null;
  readonly inForce?: number;
  readonly residue?: number;
  readonly unheard?: readonly Link[];
}): readonly HistoryEvent[] {
  const { left, right, injected = [1000, 1010], healed = [5000, 5010], inForce = 1, residue = 0, unheard = [] } = told;
  const seen = unheard.map((link) => signName({ sign: "unheard", link }));
  const shared = { fault: "cut", cast: { left, rest: right }, injected, inForce, residue, seen };
  return faultEvents(healed === null ? shared : { ...shared, healed });
}

/** For tests: an edit of a field of the document `d`, acknowledged at `atMs` unless said, asked for 5 ms before. */
export function editAt(
  atMs: number,
  change: Change,
  told: Partial<Pick<EventOf<"edit.ended">, "node" | "document" | "field" | "outcome" | "sentMs">> = {},
): HistoryEvent {
  const { node = "n1", document = "d", field = change.kind, outcome = "ok", sentMs = atMs - 5 } = told;
  const error = outcome === "ok" ? null : "told so";
  return { type: "edit.ended", atMs, sentMs, node, document, field, change, outcome, error };
}

/** For tests: what the document `d` was read to hold, field by field. */
export function documentAt(atMs: number, fields: Json): HistoryEvent {
  return { type: "document.read", atMs, sentMs: atMs - 5, node: "n1", document: "d", fields };
}

/** For tests: a node told to join, or why it could not be told. */
export function joinAt(atMs: number, node: string, error: string | null = null): HistoryEvent {
  return { type: "join.asked", atMs, node, error };
}

/** For tests: what a node answered when it was asked, 2 ms before; null: no answer. */
export function answerAt(atMs: number, node: string, [probe, value]: readonly [probe: string, value: Json]): Sample {
  const error = value === null ? "no answer" : null;
  return { type: "probe.sampled", atMs, sentMs: atMs - 2, probe, node, value, error, answered: error === null };
}

/** For tests: a node's answer of whom it heard just now. */
export function peersAt(atMs: number, node: string, peers: readonly string[]): Sample {
  return answerAt(atMs, node, ["peers", { peers, heardMs: peers.map(() => 10) }]);
}
