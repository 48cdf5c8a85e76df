import type { Action, Driver, Reading } from "../core/action.ts";
import { eachOf } from "../core/each-of.ts";
import { HarnessError, messageOf } from "../core/harness-error.ts";
import type { NodeAccess } from "../core/node-access.ts";
import { nodeOf, numberOf } from "../core/node-of.ts";
import { Strictest } from "../core/strictest.ts";
import { captureEach, readEach } from "../core/read-each.ts";
import type { RunCgroups } from "./cgroup.ts";

/** What the driver works with. */
interface Parts {
  readonly cgroups: RunCgroups;
  readonly nodes: NodeAccess;
  /** Whether every node stands in its cgroup from its start on, so that all of its memory counts. */
  readonly fromStart: boolean;
}

/** Carries out `process.memory` by a cgroup for each node: its limit is the kernel's. */
export function memoryLimits({ cgroups, nodes, fromStart }: Parts): Driver {
  const limits = new Strictest();
  const settle = (node: string): void => {
    const process = nodes.identityOf(node);
    if (process !== null) cgroups.enter(nameOf(node), process);
    cgroups.limitMemory(nameOf(node), limits.of(node));
  };
  // A node that is started again while it is limited is limited again.
  nodes.onSpawn((node) => {
    if (fromStart || limits.of(node) !== null) settle(node);
  });
  const apply = (action: Action): void => {
    limits.want(nodeOf(action), action.id, numberOf(action, "bytes"));
    try {
      settle(nodeOf(action));
    } catch (cause) {
      throw notLimited(action, cause);
    }
  };
  const read = (action: Action): Reading => {
    const node = nodeOf(action);
    const limit = cgroups.memoryLimit(nameOf(node));
    const process = nodes.identityOf(node);
    const isIn = process === null || cgroups.has(nameOf(node), process);
    return isIn && limit !== null && limit <= numberOf(action, "bytes") ? "in-force" : "absent";
  };
  return {
    capture: async (batch) => captureEach(batch, (action) => ({ bytes: cgroups.memoryLimit(nameOf(nodeOf(action))) })),
    apply: (batch) => eachOf(batch, apply),
    remove: (batch) =>
      eachOf(batch, (action) => {
        if (limits.forget(nodeOf(action), action.id)) settle(nodeOf(action));
      }),
    read: async (batch) => readEach(batch, read),
  };
}

function nameOf(node: string): string {
  return `nodes/${node}`;
}

function notLimited(action: Action, cause: unknown): HarnessError {
  return new HarnessError(`${action.id}: its memory could not be limited: ${messageOf(cause)}`, {
    code: "not-limited",
    exit: "unavailable",
    next: "a node that holds more than the limit already cannot be limited to it; choose a higher one",
    cause,
  });
}
