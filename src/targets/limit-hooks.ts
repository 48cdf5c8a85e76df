import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Action, Driver } from "../core/action.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";

/** Limits memory by a hook of the target's own, which is told how many bytes. */
export function memoryHook(hook: string, hooks: Driver): Driver {
  const told = (action: Action): Action => withBytes(action, hook, numberOf(action, "bytes"));
  return overHooks(hooks, told);
}

/** Fills a node's disk by a hook of the target's own: its quota becomes what its data uses now, divided by the level. */
export function diskHook(hook: string, hooks: Driver, dataOf: (node: string) => string): Driver {
  const quotas = new Map<string, number>();
  const told = (action: Action): Action => {
    const bytes =
      quotas.get(action.id) ?? Math.max(1, Math.floor(usedBytes(dataOf(nodeOf(action))) / numberOf(action, "level")));
    quotas.set(action.id, bytes);
    return withBytes(action, hook, bytes);
  };
  return overHooks(hooks, told);
}

function withBytes(action: Action, hook: string, bytes: number): Action {
  return { ...action, capability: "target.hook", params: { hook, arguments: { bytes } } };
}

function overHooks(hooks: Driver, told: (action: Action) => Action): Driver {
  return {
    capture: (batch, signal) => hooks.capture(batch.map(told), signal),
    apply: (batch, signal) => hooks.apply(batch.map(told), signal),
    remove: (batch, signal) => hooks.remove(batch.map(told), signal),
    read: (batch, signal) => hooks.read(batch.map(told), signal),
  };
}

/** Bytes of all files below a folder. */
function usedBytes(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => {
    // A file that is gone meanwhile uses nothing.
    return sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}
