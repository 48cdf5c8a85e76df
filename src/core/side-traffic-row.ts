import type { EventOf, HistoryEvent, HistoryEventType } from "./history-event.ts";

/** Events of what goes on beside the workload: blocks, tasks, notices, and nodes that ended. */
export type SideEvent = EventOf<"block.ended" | "task.ended" | "notice.heard" | "node.ended">;

const sideTypes = ["block.ended", "task.ended", "notice.heard", "node.ended"] as const;

/** Whether a type is that of such an event. */
export function isSideType(type: HistoryEventType): type is SideEvent["type"] {
  return sideTypes.some((one) => one === type);
}

/** Whether an event is one of these. */
export function isSide(event: HistoryEvent): event is SideEvent {
  return isSideType(event.type);
}

const outcomes = ["ok", "fail", "info"] as const;
const absent = -1;

/** The cells of such an event; `text` gives a string its number, and null none. */
export function encodeSide(event: SideEvent, text: (value: string | null) => number): readonly number[] {
  switch (event.type) {
    case "block.ended": {
      const { node, kind, block, outcome, says, intact, error } = event;
      const asked = [text(node), kind === "put" ? 0 : 1, text(block), outcomes.indexOf(outcome)];
      return [...asked, text(says), intact === null ? absent : Number(intact), text(error)];
    }
    case "task.ended":
      return [text(event.node), outcomes.indexOf(event.outcome), text(event.says), text(event.error)];
    case "notice.heard":
      return [text(event.node), text(event.notice)];
    case "node.ended":
      return [text(event.node), text(event.how)];
  }
}

/** A stored event: its times in ms, its cells, and the strings that they stand for. */
export interface StoredSide {
  readonly atMs: number;
  readonly sentMs: number;
  readonly cell: (at: number) => number;
  readonly text: (at: number) => string;
}

/** Makes the event again that `encodeSide` wrote. */
export function decodeSide(type: SideEvent["type"], { atMs, sentMs, cell, text }: StoredSide): HistoryEvent {
  const string = (at: number): string => text(cell(at));
  const optional = (at: number): string | null => (cell(at) === absent ? null : string(at));
  const outcome = (at: number): (typeof outcomes)[number] => outcomes[cell(at)] ?? "info";
  switch (type) {
    case "block.ended": {
      const asked = { node: string(0), kind: cell(1) === 0 ? "put" : "get", block: string(2) } as const;
      const intact = cell(5) === absent ? null : cell(5) === 1;
      return { type, atMs, sentMs, ...asked, outcome: outcome(3), says: optional(4), intact, error: optional(6) };
    }
    case "task.ended":
      return { type, atMs, sentMs, node: string(0), outcome: outcome(1), says: optional(2), error: optional(3) };
    case "notice.heard":
      return { type, atMs, node: string(0), notice: optional(1) };
    case "node.ended":
      return { type, atMs, node: string(0), how: string(1) };
  }
}
