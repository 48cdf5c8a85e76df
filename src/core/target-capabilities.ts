import { type Capability, capabilityNames } from "./capability.ts";
import type { Target } from "./target.ts";

/**
 * What may be done to a target: all that follows from its file, less what the file leaves out of its list. Programs of a scenario are run for a
 * system that runs already only if its file says so. In the vocabulary's order.
 */
export function capabilitiesOf(target: Target): readonly Capability[] {
  const isOurs = target.nodes.source.kind === "started";
  return possibleCapabilities(target).filter(
    (name) => target.capabilities?.includes(name) ?? (isOurs || name !== "host.exec"),
  );
}

/** What a target file makes possible: processes that we start and their data, links with a proxy on each, hooks of the target's own. */
export function possibleCapabilities(target: {
  readonly nodes: Pick<Target["nodes"], "source">;
  readonly links: Target["links"];
  readonly hooks: Target["hooks"];
  readonly limits: Target["limits"];
  readonly files: Target["files"];
}): readonly Capability[] {
  const isOurs = target.nodes.source.kind === "started";
  return capabilityNames.filter((name) => {
    switch (name) {
      case "target.hook":
        return Object.keys(target.hooks).length > 0;
      case "host.exec":
        return true;
      case "process.memory":
        return isOurs || target.limits.memory !== null;
      case "disk.fill":
        return isOurs;
      case "disk.fail":
      case "disk.alter":
        return isOurs && Object.keys(target.files).length > 0;
      default:
        return name.startsWith("link.") ? target.links !== null : isOurs;
    }
  });
}
