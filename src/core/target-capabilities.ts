import { type Capability, capabilityNames } from "./capability.ts";
import type { Target } from "./target.ts";

/** What may be done to a target: all that follows from its file, less what the file leaves out of its list. In the vocabulary's order. */
export function capabilitiesOf(target: Target): readonly Capability[] {
  return possibleCapabilities(target).filter((name) => target.capabilities?.includes(name) ?? true);
}

/** What a target file makes possible: processes that we start, links with a proxy on each, hooks of the target's own. */
export function possibleCapabilities(target: {
  readonly nodes: Pick<Target["nodes"], "source">;
  readonly links: Target["links"];
  readonly hooks: Target["hooks"];
}): readonly Capability[] {
  return capabilityNames.filter((name) => {
    if (name.startsWith("process.")) return target.nodes.source.kind === "started";
    if (name.startsWith("link.")) return target.links !== null;
    return name === "target.hook" && Object.keys(target.hooks).length > 0;
  });
}
