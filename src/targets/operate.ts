import { HarnessError } from "../core/harness-error.ts";
import { atPointer, isList, type Json, parseJson } from "../core/json.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import type { CallOperation, HttpAnswer, HttpTransport, OperationAnswer } from "../core/operation-answer.ts";
import type { AnswerPattern, HttpOperation, Target } from "../core/target.ts";
import { within } from "../core/wait.ts";
import { fill, fillJson } from "./template.ts";

/** A target at work: its operations, on nodes at these addresses, over this transport. */
export function operations(target: Target, addresses: readonly NodeAddress[], transport: HttpTransport): CallOperation {
  const byNode = new Map(addresses.map((address) => [address.node, address]));
  return async (call) => {
    const operation = target.operations[call.operation];
    const address = byNode.get(call.node);
    const port = address?.ports[operation?.port ?? ""];
    if (operation === undefined || address === undefined || port === undefined) {
      throw missing(target, call.operation, call.node);
    }
    const values = { ...call.arguments, node: call.node };
    const answer = await transport(
      {
        host: address.host,
        port,
        method: operation.method,
        path: fill(operation.path, values),
        headers: Object.fromEntries(
          Object.entries(operation.headers).map(([name, template]) => [name, fill(template, values)]),
        ),
        body: operation.body === null ? null : JSON.stringify(fillJson(operation.body, values)),
      },
      within(call.timeoutMs, call.signal),
    );
    return classify(operation, answer);
  };
}

/**
 * Tells ok, fail and info apart. Without an answer only a connection that never came about proves that nothing happened; with one, only
 * what the target file lists as definite.
 */
export function classify(operation: HttpOperation, answer: HttpAnswer): OperationAnswer {
  if (!answer.answered) return { outcome: answer.notSent ? "fail" : "info", error: answer.error };
  const body = parseJson(answer.body);
  if (body !== null && matches(operation.ok, answer.status, body.value)) {
    const values: Record<string, Json> = {};
    for (const [name, pointer] of Object.entries(operation.values)) {
      const value = valueAt(body.value, pointer);
      if (value === undefined) return { outcome: "info", error: `the answer has no ${pointer}` };
      values[name] = value;
    }
    return { outcome: "ok", values };
  }
  const isDefinite = operation.definite.some((pattern) => matches(pattern, answer.status, body?.value ?? null));
  return { outcome: isDefinite ? "fail" : "info", error: `HTTP ${answer.status}` };
}

function matches(pattern: AnswerPattern, status: number, body: Json): boolean {
  if (!pattern.statuses.includes(status)) return false;
  if (pattern.where === undefined) return true;
  return JSON.stringify(atPointer(body, pattern.where.pointer)) === JSON.stringify(pattern.where.equals);
}

function valueAt(body: Json, pointer: string): Json | undefined {
  const [before, after] = pointer.split("/*", 2);
  if (after === undefined) return atPointer(body, pointer);
  const list = atPointer(body, before ?? "");
  if (!isList(list)) return undefined;
  const items = list.map((item) => atPointer(item, after));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function missing(target: Target, operation: string, node: string): HarnessError {
  return new HarnessError(`target ${target.name} has no operation "${operation}" on a node "${node}"`, {
    code: "no-such-operation",
    exit: "usage",
    next: `add it to ${target.file} under "operations"`,
  });
}
