import { HarnessError } from "./core/harness-error.ts";
import type { Target } from "./core/target.ts";
import { defaults } from "./harness-catalogue.ts";

// The part of the composition root that keeps faults from systems that nobody meant.

/**
 * Refuses to put faults on a system that does not run on this machine, unless its name is written out, by `--allow` or in the repository's
 * defaults. Throws `HarnessError` (exit 64).
 */
export function refuseUnallowed(target: Target, allow: readonly string[]): void {
  const hosts = foreignHosts(target);
  if (hosts.length === 0 || [...allow, ...defaults().allow].includes(target.name)) return;
  const more = hosts.length > 1 ? ` and ${hosts.length - 1} more` : "";
  throw new HarnessError(
    `target ${target.name} is not on this machine (${hosts[0]}${more}): faults are put on it only where its name is written out`,
    {
      code: "not-allowed",
      exit: "usage",
      next: `if you mean it: --allow ${target.name}, or \`allow: [${target.name}]\` in prism-chaos.config.yaml`,
    },
  );
}

/** The largest share (0 to 1) of nodes that any fault may hit, by the repository's defaults. */
export function allowedShare(): number {
  return defaults().nodesShare;
}

/** Hosts of a running system that are not this machine's loopback. */
function foreignHosts({ nodes: { source } }: Target): readonly string[] {
  if (source.kind === "started") return [];
  return [...new Set(source.addresses.map(({ host }) => host))].filter((host) => !isLoopback(host));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
