import type { Driver } from "../core/action.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { OwnedTarget, StartTarget } from "../core/owned-target.ts";
import type { Target } from "../core/target.ts";
import type { Transports } from "../core/transports.ts";
import { driversOf } from "./drivers-of.ts";
import { loadTarget } from "./load.ts";
import { tlsMaterial } from "./security.ts";
import { type Starting, startNodes } from "./start-nodes.ts";
import type { Disposable, Workshop } from "./workshop.ts";

const host = "127.0.0.1";

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

interface Places {
  readonly addresses: readonly NodeAddress[];
  readonly ports: ReturnType<Workshop["ports"]>;
}

interface PlacedLinks {
  readonly driver: Driver;
  /** Where a link's bytes go in: a proxy's address, by the link's name. */
  readonly reach: ReadonlyMap<string, string>;
}

/** One proxy on each directed link of the plan, on a proxy of our own unless the request names one. */
async function placeLinks(starting: Starting, port: string, { addresses, ports }: Places): Promise<PlacedLinks> {
  const { workshop, request, observer, signal, undo } = starting;
  const http = workshop.http();
  undo.push({ dispose: () => http.close() });
  let proxyUrl = request.proxyUrl;
  if (proxyUrl === null) {
    const proxy = await workshop.startProxy(request.runId, signal);
    undo.push(proxy);
    observer.spawned("proxy", proxy.process);
    proxy.onLost((how) => observer.lost("the proxy of the links", how));
    proxyUrl = proxy.url;
  }
  const driver = workshop.links({ url: proxyUrl, run: request.runId, send: http.send });
  // On a proxy of our own the links end with its process; on another's they are taken away one by one.
  if (request.proxyUrl !== null) undo.push(driver);
  const listen = await ports.take(request.plan.links.length);
  const reach = await driver.populate(
    request.plan.links.map((link, index) => ({
      link,
      listen: `${host}:${listen[index] ?? 0}`,
      upstream: `${host}:${portOf(addresses, link.to, port)}`,
    })),
    signal,
  );
  return { driver, reach };
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

function portOf(addresses: readonly NodeAddress[], node: string, port: string): number {
  const found = addresses.find((address) => address.node === node)?.ports[port];
  if (found !== undefined) return found;
  throw new HarnessError(`node ${node} has no port "${port}"`, {
    code: "no-such-port",
    exit: "usage",
    next: "name the port under nodes.ports of the target file",
  });
}
