import type { Action } from "../core/action.ts";
import { isList, isObject, type JsonObject } from "../core/json.ts";
import type { EventOf } from "../core/history-event.ts";
import { own } from "../core/own.ts";

/** Which files each action that cannot be taken back altered, of which node, by what was captured of it. */
export function alterations(
  actions: readonly Action[],
  captured: Readonly<Record<string, JsonObject>>,
): readonly Omit<EventOf<"fault.altered">, "atMs" | "fault">[] {
  return actions.flatMap(({ id, subject, undo }) => {
    if (undo !== "irreversible" || subject.kind !== "node") return [];
    return [{ type: "fault.altered", node: subject.node, files: filesOf(own(captured, id) ?? {}) } as const];
  });
}

function filesOf(captured: JsonObject): readonly string[] {
  const files = own(captured, "files");
  if (!isList(files)) return [];
  return files.flatMap((file) => {
    const name = isObject(file) ? own(file, "name") : undefined;
    return typeof name === "string" ? [name] : [];
  });
}
