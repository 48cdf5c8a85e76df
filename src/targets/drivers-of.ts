import type { Driver } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { lazily } from "../core/lazily.ts";
import type { Target } from "../core/target.ts";
import type { Transports } from "../core/transports.ts";
import { execDriver } from "./exec-driver.ts";
import { hookDriver } from "./hook-driver.ts";
import { diskHook, memoryHook } from "./limit-hooks.ts";
import { operations } from "./operate.ts";

/** What acts on nodes that were started here. */
export interface StartedNodes {
  /** Ends and stops processes. */
  readonly processes: Driver & { dataFolderOf(node: string): string };
  readonly rig: { driver(capability: Capability): Driver | null };
  /** Null: no proxies. */
  readonly links: Driver | null;
}

/** A target at work, as far as drivers act on it. */
export interface DriverParts {
  readonly run: string;
  readonly target: Target;
  readonly addresses: readonly NodeAddress[];
  readonly transports: Transports;
  /** Null: it ran before. */
  readonly started: StartedNodes | null;
}

/** The drivers of a target by capability. Asked for one that it does not have they throw `HarnessError` (exit 69): a plan is refused before. */
export function driversOf(parts: DriverParts): (capability: Capability) => Driver {
  const { run, target, addresses, transports, started } = parts;
  // Without a hook no operation is asked here, and no secret is read.
  const hooks = lazily(() => hookDriver(target, operations(target, addresses, transports)));
  const exec = execDriver({
    run,
    addresses,
    command: transports.command,
    dataOf: (node) => started?.processes.dataFolderOf(node) ?? null,
  });
  const byHook = limitedByHook(parts, hooks);
  return (capability) => {
    const found = driverFor(capability, { hooks, exec, byHook, started });
    if (found !== null) return found;
    throw new HarnessError(`the target does not allow ${capability}, or was not started for it`, {
      code: "no-such-capability",
      exit: "unavailable",
      next: "prism-chaos plan shows what a variant needs",
    });
  };
}

interface Choice {
  readonly hooks: () => Driver;
  readonly exec: Driver;
  readonly byHook: ReadonlyMap<Capability, Driver>;
  readonly started: StartedNodes | null;
}

function driverFor(capability: Capability, { hooks, exec, byHook, started }: Choice): Driver | null {
  if (capability === "target.hook") return hooks();
  if (capability === "host.exec") return exec;
  if (capability.startsWith("link.")) return started?.links ?? null;
  if (capability === "process.kill" || capability === "process.pause") return started?.processes ?? null;
  return started?.rig.driver(capability) ?? byHook.get(capability) ?? null;
}

/** Limits by the target's own hooks, for where this machine permits none. */
function limitedByHook({ target, started }: DriverParts, hooks: () => Driver): ReadonlyMap<Capability, Driver> {
  const { memory, disk } = target.limits;
  const found = new Map<Capability, Driver>();
  if (memory !== null) found.set("process.memory", memoryHook(memory, hooks()));
  if (disk !== null && started !== null) {
    found.set(
      "disk.fill",
      diskHook(disk, hooks(), (node) => started.processes.dataFolderOf(node)),
    );
  }
  return found;
}
