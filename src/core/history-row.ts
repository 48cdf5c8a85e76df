import { assertNever } from "./assert-never.ts";
import type { Change, EventOf, HistoryEvent, HistoryEventType, OperationKind } from "./history-event.ts";
import { operationKinds, phases } from "./history-event.ts";
import { isList, isObject, type Json, parseJson } from "./json.ts";
import type { Cast } from "./selection.ts";
import { decodeSide, encodeSide, isSide, isSideType } from "./side-traffic-row.ts";

/** An event as it stands in the columns: a second time, and up to eight whole numbers, most of them numbers of strings. */
export interface Row {
  readonly secondMs: number;
  readonly cells: ArrayLike<number>;
}

/** What is needed to make an event out of its row again. */
interface Stored {
  readonly atMs: number;
  readonly row: Row;
  readonly text: (at: number) => string;
}

const absent = -1;
const outcomes = ["ok", "fail", "info"] as const;

/** Writes an event as a row; `number` gives a string its number in the table. */
export function encodeEvent(event: HistoryEvent, number: (text: string) => number): Row {
  const text = (value: string | null): number => (value === null ? absent : number(value));
  const json = (value: Json): number => number(JSON.stringify(value));
  const row = (cells: readonly number[], secondMs = 0): Row => ({ secondMs, cells });
  if (isSide(event)) return row(encodeSide(event, text), "sentMs" in event ? event.sentMs : 0);
  switch (event.type) {
    case "op.invoked": {
      const { op, process, client, kind, key, value, expected, node } = event;
      const asked = [op, process, text(client), operationKinds.indexOf(kind)];
      return row([...asked, text(key), text(value), text(expected), text(node)]);
    }
    case "op.ok":
      return row([event.op, text(event.value), text(event.leader), event.term ?? absent]);
    case "op.fail":
    case "op.info":
      return row([event.op, text(event.error), text(event.says ?? null)]);
    case "fault.resolved":
    case "fault.injected":
    case "fault.healed":
    case "fault.observed":
    case "fault.altered":
      return encodeFault(event, text);
    case "probe.sampled":
      return row(
        [text(event.probe), text(event.node), json(event.value), text(event.error), event.answered ? 1 : 0],
        event.sentMs,
      );
    case "step.missed":
      return row([text(event.reason)]);
    case "abort.watched":
      return row([text(event.condition), event.met ? 1 : 0, event.looks, json(event.worst)]);
    case "edit.ended":
      return encodeEdit(event, text);
    case "document.read":
      return row([text(event.node), text(event.document), json(event.fields)], event.sentMs);
    case "join.asked":
      return row([text(event.node), text(event.error)]);
    case "leader.changed":
      return row([text(event.leader), event.term]);
    case "phase.entered":
      return row([phases.indexOf(event.phase)]);
    default:
      return assertNever(event);
  }
}

type FaultEventType = Extract<HistoryEventType, `fault.${string}`>;

function encodeFault(event: EventOf<FaultEventType>, text: (value: string | null) => number): Row {
  const json = (value: Json): number => text(JSON.stringify(value));
  const fault = text(event.fault);
  switch (event.type) {
    case "fault.resolved":
      return { secondMs: 0, cells: [fault, json(event.cast), json(event.actions), json(event.signs)] };
    case "fault.injected":
    case "fault.healed": {
      const { startedMs, actions, inForce, problems } = event;
      const altered = event.type === "fault.healed" ? (event.altered ?? absent) : absent;
      return { secondMs: startedMs, cells: [fault, actions, inForce, json(problems), altered] };
    }
    case "fault.observed": {
      const during = event.during === "force" ? 0 : 1;
      return { secondMs: 0, cells: [fault, json(event.seen), json(event.unseen), during] };
    }
    case "fault.altered":
      return { secondMs: 0, cells: [fault, text(event.node), json(event.files)] };
  }
}

function decodeFault(type: FaultEventType, { atMs, row, text }: Stored): EventOf<FaultEventType> {
  const cell = (at: number): number => row.cells[at] ?? absent;
  const string = (at: number): string => text(cell(at));
  const fault = string(0);
  switch (type) {
    case "fault.resolved": {
      const cast = castFrom(string(1));
      return { type, atMs, fault, cast, actions: list(string(2)), signs: list(string(3)) };
    }
    case "fault.injected":
    case "fault.healed": {
      const counts = { actions: cell(1), inForce: cell(2), problems: list(string(3)) };
      const altered = cell(4) === absent ? {} : { altered: cell(4) };
      return { type, atMs, fault, startedMs: row.secondMs, ...counts, ...altered };
    }
    case "fault.observed": {
      const during = cell(3) === 0 ? "force" : "healing";
      return { type, atMs, fault, seen: list(string(1)), unseen: list(string(2)), during };
    }
    case "fault.altered":
      return { type, atMs, fault, node: string(1), files: list(string(2)) };
  }
}

function encodeEdit(event: EventOf<"edit.ended">, text: (value: string | null) => number): Row {
  const { sentMs, node, document, field, change, outcome, error } = event;
  const value = change.kind === "register" ? change.value : change.add;
  const made = [text(change.kind), text(JSON.stringify(value))];
  const cells = [text(node), text(document), text(field), ...made, outcomes.indexOf(outcome), text(error)];
  return { secondMs: sentMs, cells };
}

/** Makes the event again that `encodeEvent` wrote. */
export function decodeEvent(type: HistoryEventType, { atMs, row, text }: Stored): HistoryEvent {
  const cell = (at: number): number => row.cells[at] ?? absent;
  const string = (at: number): string => text(cell(at));
  const optional = (at: number): string | null => (cell(at) === absent ? null : string(at));
  if (isSideType(type)) return decodeSide(type, { atMs, sentMs: row.secondMs, cell, text });
  switch (type) {
    case "op.invoked":
      return decodeInvoked(atMs, cell, text);
    case "op.ok":
      return {
        type,
        atMs,
        op: cell(0),
        value: optional(1),
        leader: optional(2),
        term: cell(3) === absent ? null : cell(3),
      };
    case "op.fail":
    case "op.info":
      return { type, atMs, op: cell(0), error: string(1), ...(cell(2) === absent ? {} : { says: string(2) }) };
    case "fault.resolved":
    case "fault.injected":
    case "fault.healed":
    case "fault.observed":
    case "fault.altered":
      return decodeFault(type, { atMs, row, text });
    case "probe.sampled": {
      const said = { value: jsonFrom(string(2)), error: optional(3), answered: cell(4) === 1 };
      return { type, atMs, sentMs: row.secondMs, probe: string(0), node: string(1), ...said };
    }
    case "step.missed":
      return { type, atMs, reason: string(0) };
    case "abort.watched":
      return { type, atMs, condition: string(0), met: cell(1) === 1, looks: cell(2), worst: numberFrom(string(3)) };
    case "edit.ended":
      return decodeEdit({ atMs, row, text });
    case "document.read":
      return { type, atMs, sentMs: row.secondMs, node: string(0), document: string(1), fields: jsonFrom(string(2)) };
    case "join.asked":
      return { type, atMs, node: string(0), error: optional(1) };
    case "leader.changed":
      return { type, atMs, leader: string(0), term: cell(1) };
    case "phase.entered":
      return { type, atMs, phase: phases[cell(0)] ?? "closing" };
    default:
      return assertNever(type);
  }
}

function decodeEdit({ atMs, row, text }: Stored): EventOf<"edit.ended"> {
  const cell = (at: number): number => row.cells[at] ?? absent;
  const place = { node: text(cell(0)), document: text(cell(1)), field: text(cell(2)) };
  const change = changeFrom(text(cell(3)), jsonFrom(text(cell(4))));
  const error = cell(6) === absent ? null : text(cell(6));
  const outcome = outcomes[cell(5)] ?? "info";
  return { type: "edit.ended", atMs, sentMs: row.secondMs, ...place, change, outcome, error };
}

function changeFrom(kind: string, value: Json): Change {
  if (kind === "counter") return { kind, add: typeof value === "number" ? value : 0 };
  const text = typeof value === "string" ? value : "";
  return kind === "set" ? { kind, add: text } : { kind: "register", value: text };
}

function decodeInvoked(
  atMs: number,
  cell: (at: number) => number,
  text: (at: number) => string,
): EventOf<"op.invoked"> {
  const optional = (at: number): string | null => (cell(at) === absent ? null : text(cell(at)));
  const kind: OperationKind = operationKinds[cell(3)] ?? "read";
  return {
    type: "op.invoked",
    atMs,
    op: cell(0),
    process: cell(1),
    client: text(cell(2)),
    kind,
    key: text(cell(4)),
    value: optional(5),
    expected: optional(6),
    node: text(cell(7)),
  };
}

function jsonFrom(text: string): Json {
  return parseJson(text)?.value ?? null;
}

function list(text: string): readonly string[] {
  const value = parseJson(text)?.value;
  return isList(value) ? value.filter((item) => typeof item === "string") : [];
}

function numberFrom(text: string): number | null {
  const value = parseJson(text)?.value;
  return typeof value === "number" ? value : null;
}

function castFrom(text: string): Cast {
  const value = parseJson(text)?.value;
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([label, nodes]) => [
      label,
      isList(nodes) ? nodes.filter((node) => typeof node === "string") : [],
    ]),
  );
}
