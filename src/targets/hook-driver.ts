import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError } from "../core/harness-error.ts";
import { hookInForce } from "../core/hook-in-force.ts";
import { isObject, type Json, type JsonObject } from "../core/json.ts";
import { own } from "../core/own.ts";
import type { CallOperation } from "../core/operation-answer.ts";
import type { Hook, Target } from "../core/target.ts";

const callLimitMs = 2000;

/** A hook as an action uses it: on whom, and what it is told. */
interface Named {
  readonly hook: Hook;
  readonly node: string;
  readonly arguments: JsonObject;
}

/** Carries out `target.hook`: the target's own operations apply, remove and read the hook. Unreadable where a node that is not ours does not answer. */
export function hookDriver(target: Target, call: CallOperation): Driver {
  const run = async (action: Action, verb: "apply" | "remove", signal: AbortSignal): Promise<void> => {
    const { hook, ...told } = named(target, action);
    const answer = await call({ ...told, operation: hook[verb], timeoutMs: callLimitMs, signal });
    if (answer.outcome === "ok") return;
    throw new HarnessError(`${verb} of ${action.id} failed: ${answer.error}`, {
      code: "hook-failed",
      exit: "unavailable",
      next: `check the operation "${hook[verb]}" in ${target.file}`,
    });
  };
  const value = async (action: Action, signal: AbortSignal): Promise<Json> => {
    const { hook, ...told } = named(target, action);
    const answer = await call({ ...told, operation: hook.read, timeoutMs: callLimitMs, signal });
    if (answer.outcome === "ok") return own(answer.values, hookInForce(hook, told.arguments).value) ?? null;
    // A node of ours that is gone holds nothing; one that ran before and does not answer may hold it still.
    if (target.nodes.source.kind === "started") return null;
    throw new HarnessError(`${told.node} does not tell whether ${action.id} is in force: ${answer.error}`, {
      code: "hook-unreadable",
      exit: "unavailable",
      next: `check the operation "${hook.read}" in ${target.file}`,
    });
  };
  return {
    // What one node does not tell must not be the end of what the others told.
    capture: (batch, signal) =>
      Promise.all(
        batch.map(async (action): Promise<JsonObject> => ({ value: await value(action, signal).catch(() => null) })),
      ),
    apply: (batch, signal) => eachOf(batch, (action) => run(action, "apply", signal)),
    // A node that is gone holds nothing, so that healing goes on; what it says is read afterwards.
    remove: async (batch, signal) =>
      void (await Promise.allSettled(batch.map((action) => run(action, "remove", signal)))),
    read: (batch, signal) =>
      Promise.all(
        batch.map(async (action): Promise<Reading> => {
          const found = await value(action, signal).catch(() => undefined);
          if (found === undefined) return "unreadable";
          const { hook, arguments: args } = named(target, action);
          return JSON.stringify(found) === JSON.stringify(hookInForce(hook, args).equals) ? "in-force" : "absent";
        }),
      ),
  };
}

function named(target: Target, action: Action): Named {
  const name = action.params["hook"];
  const hook = typeof name === "string" ? own(target.hooks, name) : undefined;
  const args = own(action.params, "arguments");
  if (hook !== undefined && action.subject.kind === "node") {
    return { hook, node: action.subject.node, arguments: isObject(args) ? args : {} };
  }
  throw new TypeError(`${action.id} names no hook of target ${target.name}`);
}
