import type { Action, Driver, Reading } from "../core/action.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { own } from "../core/own.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Hook, Target } from "../core/target.ts";

const callLimitMs = 2000;

/** Carries out `target.hook`: the target's own operations apply, remove and read the hook. Unreadable where a node that is not ours does not answer. */
export function hookDriver(target: Target, call: CallOperation): Driver {
  const run = async (action: Action, verb: "apply" | "remove", signal: AbortSignal): Promise<void> => {
    const { hook, node } = named(target, action);
    const answer = await call({ node, operation: hook[verb], arguments: {}, timeoutMs: callLimitMs, signal });
    if (answer.outcome === "ok") return;
    throw new HarnessError(`${verb} of ${action.id} failed: ${answer.error}`, {
      code: "hook-failed",
      exit: "unavailable",
      next: `check the operation "${hook[verb]}" in ${target.file}`,
    });
  };
  const value = async (action: Action, signal: AbortSignal): Promise<Json> => {
    const { hook, node } = named(target, action);
    const answer = await call({ node, operation: hook.read, arguments: {}, timeoutMs: callLimitMs, signal });
    if (answer.outcome === "ok") return own(answer.values, hook.inForce.value) ?? null;
    // A node of ours that is gone holds nothing; one that ran before and does not answer may hold it still.
    if (target.nodes.source.kind === "started") return null;
    throw new HarnessError(`${node} does not tell whether ${action.id} is in force: ${answer.error}`, {
      code: "hook-unreadable",
      exit: "unavailable",
      next: `check the operation "${hook.read}" in ${target.file}`,
    });
  };
  return {
    capture: (batch, signal) =>
      Promise.all(batch.map(async (action): Promise<JsonObject> => ({ value: await value(action, signal) }))),
    apply: async (batch, signal) => void (await Promise.all(batch.map((action) => run(action, "apply", signal)))),
    // A node that is gone holds nothing, so that healing goes on; what it says is read afterwards.
    remove: async (batch, signal) =>
      void (await Promise.allSettled(batch.map((action) => run(action, "remove", signal)))),
    read: (batch, signal) =>
      Promise.all(
        batch.map(async (action): Promise<Reading> => {
          const { hook } = named(target, action);
          const found = await value(action, signal).catch(() => undefined);
          if (found === undefined) return "unreadable";
          return JSON.stringify(found) === JSON.stringify(hook.inForce.equals) ? "in-force" : "absent";
        }),
      ),
  };
}

function named(target: Target, action: Action): { readonly hook: Hook; readonly node: string } {
  const name = action.params["hook"];
  const hook = typeof name === "string" ? own(target.hooks, name) : undefined;
  if (hook !== undefined && action.subject.kind === "node") return { hook, node: action.subject.node };
  throw new TypeError(`${action.id} names no hook of target ${target.name}`);
}
