import { Type } from "typebox";
import { compileSchema } from "../core/document.ts";
import { lazily } from "../core/lazily.ts";
import { type HistoryEvent, operationKinds, phases } from "../core/history-event.ts";

const closed = { additionalProperties: false } as const;
const text = Type.String();
const optionalText = Type.Union([Type.String(), Type.Null()]);
const whole = Type.Integer({ minimum: 0 });
const time = Type.Number();
const texts = Type.Array(text);

const outcome = Type.Enum(["ok", "fail", "info"]);
const unanswered = { atMs: time, op: whole, error: text, says: Type.Optional(text) };
const change = { atMs: time, fault: text, startedMs: time, actions: whole, inForce: whole, problems: texts };

const schemas = {
  "op.invoked": {
    atMs: time,
    op: whole,
    process: whole,
    client: text,
    kind: Type.Enum([...operationKinds]),
    key: text,
    value: optionalText,
    expected: optionalText,
    node: text,
  },
  "op.ok": {
    atMs: time,
    op: whole,
    value: optionalText,
    leader: optionalText,
    term: Type.Union([Type.Integer(), Type.Null()]),
  },
  "op.fail": unanswered,
  "op.info": unanswered,
  "fault.resolved": { atMs: time, fault: text, cast: Type.Record(text, texts), actions: texts, signs: texts },
  "fault.injected": change,
  "fault.healed": { ...change, altered: Type.Optional(whole) },
  "fault.altered": { atMs: time, fault: text, node: text, files: texts },
  "fault.observed": { atMs: time, fault: text, seen: texts, unseen: texts, during: Type.Enum(["force", "healing"]) },
  "probe.sampled": {
    atMs: time,
    sentMs: time,
    probe: text,
    node: text,
    value: Type.Unknown(),
    error: optionalText,
    answered: Type.Boolean(),
  },
  "step.missed": { atMs: time, reason: text },
  "abort.watched": {
    atMs: time,
    condition: text,
    met: Type.Boolean(),
    looks: whole,
    worst: Type.Union([time, Type.Null()]),
  },
  "edit.ended": {
    atMs: time,
    sentMs: time,
    node: text,
    document: text,
    field: text,
    change: Type.Union([
      Type.Object({ kind: Type.Literal("register"), value: text }, closed),
      Type.Object({ kind: Type.Literal("set"), add: text }, closed),
      Type.Object({ kind: Type.Literal("counter"), add: Type.Integer() }, closed),
    ]),
    outcome,
    error: optionalText,
  },
  "block.ended": {
    atMs: time,
    sentMs: time,
    node: text,
    kind: Type.Enum(["put", "get"]),
    block: text,
    outcome,
    says: optionalText,
    intact: Type.Union([Type.Boolean(), Type.Null()]),
    error: optionalText,
  },
  "task.ended": { atMs: time, sentMs: time, node: text, outcome, says: optionalText, error: optionalText },
  "notice.heard": { atMs: time, node: text, notice: optionalText },
  "node.ended": { atMs: time, node: text, how: text },
  "document.read": { atMs: time, sentMs: time, node: text, document: text, fields: Type.Unknown() },
  "join.asked": { atMs: time, node: text, error: optionalText },
  "leader.changed": { atMs: time, leader: text, term: Type.Integer() },
  "phase.entered": { atMs: time, phase: Type.Enum([...phases]) },
} satisfies Record<HistoryEvent["type"], object>;

/** Compiled when the first event is read: most commands read none. */
const compiled = lazily(
  () =>
    new Map(
      Object.entries(schemas).map(([type, properties]) => [
        type,
        compileSchema<HistoryEvent>(Type.Object({ type: Type.Literal(type), ...properties }, closed)),
      ]),
    ),
);

/** Whether a parsed line is an event of a history, all of it and nothing more. */
export function isHistoryEvent(value: unknown): value is HistoryEvent {
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") return false;
  return compiled().get(value.type)?.(value) ?? false;
}
