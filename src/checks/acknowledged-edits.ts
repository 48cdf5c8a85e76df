import type { Check } from "../core/check.ts";
import type { History } from "../core/history.ts";
import type { EventOf } from "../core/history-event.ts";
import { atPointer, isList, isObject, type Json, type JsonObject } from "../core/json.ts";
import { own } from "../core/own.ts";
import type { Evidence } from "../core/verdict.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "acknowledged-edits";
/** So many losses are told one by one. */
const toldLosses = 5;

type Ended = EventOf<"edit.ended">;

/**
 * Whether no acknowledged edit of a document is lost: in the end sets hold all that was added, counters count at least what was acknowledged
 * and at most what was tried, and registers hold a value that somebody wrote.
 */
export const acknowledgedEdits: Check = {
  name,
  guards: "data",
  summary:
    "In the end documents hold every acknowledged edit: sets all that was added, counters their sums, registers a written value.",
  check: ({ history }) => {
    const fields = Map.groupBy(history.eventsOf("edit.ended"), ({ document, field }) => `${document}/${field}`);
    const tried = [...fields].filter(([, edits]) => edits.some(({ outcome }) => outcome === "ok"));
    if (tried.length === 0) return unknownVerdict(name, "no edit was acknowledged");
    const finals = finalFields(history);
    const isRead = ([, edits]: readonly [string, readonly Ended[]]): boolean => finals.has(edits[0]?.document ?? "");
    const unread = tried.filter((field) => !isRead(field)).map(([place]) => place);
    const [first, ...losses] = tried.filter(isRead).flatMap(([place, edits]) => lossOf(place, edits, finals) ?? []);
    if (first !== undefined) {
      return { check: name, status: "fail", evidence: [first, ...losses.slice(0, toldLosses - 1)] };
    }
    if (unread.length > 0) return unknownVerdict(name, `in the end nobody told what these hold: ${unread.join(", ")}`);
    const count = tried.flatMap(([, edits]) => edits).filter(({ outcome }) => outcome === "ok").length;
    const text = `all ${count} acknowledged edits of ${tried.length} fields are there: sets hold what was added, counters their sums, registers a written value`;
    return { check: name, status: "pass", evidence: [{ text }] };
  },
};

/** What the documents held in the end, by document. A document of which nobody told is not among them. */
function finalFields(history: History): ReadonlyMap<string, JsonObject> {
  const finals = new Map<string, JsonObject>();
  for (const { document, fields } of history.eventsOf("document.read")) {
    if (isObject(fields)) finals.set(document, fields);
  }
  return finals;
}

function lossOf(place: string, edits: readonly Ended[], finals: ReadonlyMap<string, JsonObject>): Evidence | null {
  const [first] = edits;
  if (first === undefined) return null;
  const { document, field, change } = first;
  const loss = { register: registerLoss, set: setLoss, counter: counterLoss }[change.kind];
  // A field that its document does not have any more holds nothing, and so lost what was made there.
  const text = loss(edits, own(finals.get(document) ?? {}, field) ?? null);
  return text === null ? null : { text: `${place} ${text}`, atMs: edits.slice(0, 1).map(({ atMs }) => atMs) };
}

function setLoss(edits: readonly Ended[], value: Json): string | null {
  const values = atPointer(value, "/values");
  const held = new Set(isList(values) ? values : []);
  const lost = edits.flatMap(({ change, outcome, node, atMs }) =>
    change.kind === "set" && outcome === "ok" && !held.has(change.add) ? [`${change.add} (${node}, ${atMs} ms)`] : [],
  );
  return lost.length === 0
    ? null
    : `lost ${lost.length} acknowledged additions: ${lost.slice(0, toldLosses).join(", ")}`;
}

function counterLoss(edits: readonly Ended[], value: Json): string | null {
  const sum = (of: readonly Ended[]): number =>
    of.reduce((total, { change }) => total + (change.kind === "counter" ? change.add : 0), 0);
  const least = sum(edits.filter(({ outcome }) => outcome === "ok"));
  const most = sum(edits.filter(({ outcome }) => outcome !== "fail"));
  const counted = atPointer(value, "/value");
  if (typeof counted === "number" && counted >= least && counted <= most) return null;
  return `counts ${JSON.stringify(counted ?? null)}, where ${least} were acknowledged and at most ${most} made`;
}

function registerLoss(edits: readonly Ended[], value: Json): string | null {
  const values = atPointer(value, "/values");
  const held = isList(values) ? values : [];
  const written = edits.flatMap(({ change, outcome }) =>
    change.kind === "register" && outcome !== "fail" ? [change.value] : [],
  );
  const isWritten = held.length > 0 && held.every((one) => typeof one === "string" && written.includes(one));
  return isWritten ? null : `holds ${JSON.stringify(values ?? null)}, which nobody wrote`;
}
