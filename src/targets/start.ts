import type { NodeAddress } from "../core/keeper-port.ts";
import type { OwnedTarget, StartTarget } from "../core/owned-target.ts";
import type { Target } from "../core/target.ts";
import type { Transports } from "../core/transports.ts";
import { driversOf } from "./drivers-of.ts";
import { loadTarget } from "./load.ts";
import { host, placeLinks } from "./place-links.ts";
import { tlsMaterial } from "./security.ts";
import { type Starting, startNodes } from "./start-nodes.ts";
import type { Disposable, Workshop } from "./workshop.ts";

/** Starts targets with these drivers: ports, the proxy, one proxy on each directed link, the nodes. Of a system that runs already nothing is started. */
export function targetStarter(workshop: Workshop): StartTarget {
  return async (request, observer, signal) => {
    const undo: Disposable[] = [];
    const dispose = async (limit: AbortSignal): Promise<void> => {
      const failures: unknown[] = [];
      // One part that cannot be disposed of does not keep the others from it.
      for (const part of undo.splice(0).reverse()) {
        await part.dispose(limit).catch((thrown: unknown) => failures.push(thrown));
      }
      if (failures.length > 0) throw failures[0];
    };
    try {
      const started = await start({ workshop, request, observer, signal, undo });
      return { ...started, dispose };
    } catch (thrown) {
      await dispose(AbortSignal.timeout(10_000));
      throw thrown;
    }
  };
}

async function start(starting: Starting): Promise<Omit<OwnedTarget, "dispose">> {
  const { workshop, request, undo } = starting;
  const target = loadTarget(request.targetFile);
  const { source } = target.nodes;
  const run = request.runId;
  const transports = openFor(starting, target);
  if (source.kind === "running") {
    const addresses = source.addresses.filter(({ node }) => request.plan.nodes.includes(node));
    return { isForeign: true, addresses, driver: driversOf({ run, target, addresses, transports, started: null }) };
  }
  const ports = workshop.ports();
  undo.push(ports);
  const addresses = await allocate(target, request.plan.nodes, ports);
  const placed = target.links === null ? null : await placeLinks(starting, target.links.port, { addresses, ports });
  const nodes = await startNodes({ ...starting, target, addresses, reach: placed?.reach ?? new Map() });
  const started = { ...nodes, links: placed?.driver ?? null };
  return { addresses, driver: driversOf({ run, target, addresses, transports, started }) };
}

/** What the target's operations are asked over, for drivers alone; no secret is read where no hook needs one. */
function openFor({ workshop, undo }: Starting, target: Target): Transports {
  const open = workshop.transports(Object.keys(target.hooks).length === 0 ? null : tlsMaterial(target));
  undo.push({ dispose: () => open.close() });
  return open.transports;
}

async function allocate(
  target: Target,
  nodes: readonly string[],
  ports: ReturnType<Workshop["ports"]>,
): Promise<readonly NodeAddress[]> {
  const names = target.nodes.ports;
  const free = await ports.take(nodes.length * names.length);
  return nodes.map((node, index) => ({
    node,
    host,
    ports: Object.fromEntries(names.map((name, at) => [name, free[index * names.length + at] ?? 0])),
  }));
}
