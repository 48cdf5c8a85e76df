import type { Capability } from "./capability.ts";
import type { MachineFacts, Permission } from "./machine-facts.ts";
import type { Target } from "./target.ts";

/** By which means something is limited. */
export type Means = "cgroup" | "duty-cycle" | "hook" | "mount" | "prlimit" | "faketime";

/** How a capability is carried out on this machine with this target, or why it cannot be. */
export type LimitWay =
  | { readonly capability: Capability; readonly by: Means; readonly text: string }
  | { readonly capability: Capability; readonly by: null; readonly text: string };

/** What the ways depend on. */
export interface LimitContext {
  readonly target: Pick<Target, "nodes" | "limits">;
  readonly facts: MachineFacts;
}

/** How each of these capabilities that depends on the machine is carried out here; nothing of those that do not. */
export function limitWays(capabilities: Iterable<Capability>, context: LimitContext): readonly LimitWay[] {
  return [...capabilities].flatMap((capability) => limitWay(capability, context) ?? []);
}

/** How this one is carried out; null: it does not depend on the machine. */
export function limitWay(capability: Capability, { target, facts }: LimitContext): LimitWay | null {
  const isOurs = target.nodes.source.kind === "started";
  const { memory, disk } = target.limits;
  const way = (by: Means, text: string): LimitWay => ({ capability, by, text });
  const none = (text: string): LimitWay => ({ capability, by: null, text });
  const only = (by: Means, permission: Permission): LimitWay =>
    permission.permitted ? way(by, permission.by) : none(permission.reason);
  const orHook = (by: Means, permission: Permission, hook: string | null): LimitWay => {
    if (isOurs && permission.permitted) return way(by, permission.by);
    if (hook !== null) return way("hook", `the target's own hook ${hook}`);
    const why = permission.permitted ? "its nodes are not started here" : permission.reason;
    return none(`${why}, and the target names no hook of its own for it`);
  };
  switch (capability) {
    case "process.memory":
      return orHook("cgroup", facts.memory, memory);
    case "process.cpu":
      if (facts.cpu.permitted) return way("cgroup", facts.cpu.by);
      return way("duty-cycle", `its nodes are stopped and let go ten times a second (${facts.cpu.reason})`);
    case "process.descriptors":
      return only("prlimit", facts.prlimit);
    case "process.clock":
      return only("faketime", facts.faketime);
    case "disk.fill":
      return orHook("mount", facts.mount, disk);
    default:
      return null;
  }
}
