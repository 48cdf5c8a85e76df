import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Driver, type Link, linkName } from "../core/action.ts";
import type { Capability } from "../core/capability.ts";
import { packageFolder } from "../core/environment.ts";
import type { NodeAddress, OpenRequest } from "../core/keeper-port.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import type { OwnedTarget, StartObserver, StartTarget } from "../core/owned-target.ts";
import type { ProcessIdentity } from "../core/process-identity.ts";
import type { Target } from "../core/target.ts";
import type { OpenTransports, TlsMaterial } from "../core/transports.ts";
import { hookDriver } from "./hook-driver.ts";
import { loadTarget } from "./load.ts";
import { nodeCommand } from "./node-command.ts";
import { operations } from "./operate.ts";
import { tlsMaterial } from "./security.ts";

const host = "127.0.0.1";

interface NodeProcessStart {
  readonly node: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  readonly logFile: string;
}

type Disposable = { dispose(signal: AbortSignal): Promise<void> };

/** What starting a target needs of the drivers; the harness hands them in. */
export interface Workshop {
  /** Ports that stay this run's until they are disposed of, also while nobody listens on them. */
  ports(): Disposable & { take(count: number): Promise<readonly number[]> };
  startProxy(
    run: string,
    signal: AbortSignal,
  ): Promise<Disposable & { readonly url: string; readonly process: ProcessIdentity }>;
  links(server: { readonly url: string; readonly run: string; readonly send: HttpTransport }): Driver &
    Disposable & {
      populate(
        links: readonly { readonly link: Link; readonly listen: string; readonly upstream: string }[],
        signal: AbortSignal,
      ): Promise<ReadonlyMap<string, string>>;
    };
  processes(
    run: string,
    onExit: (exit: { readonly node: string; readonly code: number | null; readonly signal: string | null }) => void,
  ): Driver & Disposable & { start(process: NodeProcessStart): ProcessIdentity };
  http(): { readonly send: HttpTransport; close(): Promise<void> };
  /** What operations of a target are asked over; null: no port speaks TLS. */
  transports(tls: TlsMaterial | null): OpenTransports;
}

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

interface Starting {
  readonly workshop: Workshop;
  readonly request: OpenRequest;
  readonly observer: StartObserver;
  readonly signal: AbortSignal;
  readonly undo: Disposable[];
}

async function start(starting: Starting): Promise<Omit<OwnedTarget, "dispose">> {
  const { workshop, request, undo } = starting;
  const target = loadTarget(request.targetFile);
  const { source } = target.nodes;
  if (source.kind === "running") {
    const addresses = source.addresses.filter(({ node }) => request.plan.nodes.includes(node));
    const hooks = hooksOf(starting, target, addresses);
    const drivers: Drivers = { hooks, processes: null, links: null };
    return { isForeign: true, addresses, driver: (capability) => driverOf(capability, drivers) };
  }
  const ports = workshop.ports();
  undo.push(ports);
  const addresses = await allocate(target, request.plan.nodes, ports);
  const placed = target.links === null ? null : await placeLinks(starting, target.links.port, { addresses, ports });
  const processes = startNodes({ ...starting, target, addresses, reach: placed?.reach ?? new Map() });
  const drivers: Drivers = { processes, links: placed?.driver ?? null, hooks: hooksOf(starting, target, addresses) };
  return { addresses, driver: (capability) => driverOf(capability, drivers) };
}

/** Hooks are operations; without one, no connection to the nodes is opened here and no secret read. */
function hooksOf({ workshop, undo }: Starting, target: Target, addresses: readonly NodeAddress[]): Driver | null {
  if (Object.keys(target.hooks).length === 0) return null;
  const open = workshop.transports(tlsMaterial(target));
  undo.push({ dispose: () => open.close() });
  return hookDriver(target, operations(target, addresses, open.transports));
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

interface StartingNodes extends Starting {
  readonly target: Target;
  readonly addresses: readonly NodeAddress[];
  readonly reach: ReadonlyMap<string, string>;
}

function startNodes({ workshop, request, observer, signal, undo, target, addresses, reach }: StartingNodes): Driver {
  const logFile = (node: string): string => join(request.folder, "nodes", `${node}.log`);
  const dataFolder = join(request.folder, "data");
  const processes = workshop.processes(request.runId, ({ node, code, signal: by }) => {
    observer.exited({ node, how: by ?? `exit code ${code}`, lastLines: lastLines(logFile(node)) });
  });
  undo.push({ dispose: async () => rmSync(dataFolder, { recursive: true, force: true }) }, processes);
  const { voters, joiners, links } = request.plan;
  const linksFrom = Map.groupBy(links, ({ from }) => from);
  for (const address of addresses) {
    signal.throwIfAborted();
    const peers = linksFrom.get(address.node) ?? [];
    const data = join(dataFolder, address.node);
    const command = nodeCommand(target, {
      address,
      members: addresses,
      voters,
      joinsLater: joiners.includes(address.node),
      data,
      reach: Object.fromEntries(peers.map((link) => [link.to, reach.get(linkName(link)) ?? ""])),
      runtime: process.execPath,
      packageFolder: packageFolder(),
      defect: request.plan.target.defect ?? "",
    });
    const started = processes.start({ ...command, dataFolder: data, logFile: logFile(address.node) });
    observer.spawned(address.node, started);
  }
  return processes;
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

interface Drivers {
  readonly processes: Driver | null;
  readonly links: Driver | null;
  readonly hooks: Driver | null;
}

/** The driver of a capability. Throws `HarnessError` (exit 69) for one that the target does not have: a plan is refused before. */
function driverOf(capability: Capability, { processes, links, hooks }: Drivers): Driver {
  const others = capability.startsWith("link.") ? links : processes;
  const driver = capability === "target.hook" ? hooks : others;
  if (driver !== null) return driver;
  throw new HarnessError(`the target does not allow ${capability}`, {
    code: "no-such-capability",
    exit: "unavailable",
    next: "prism-chaos plan shows what a variant needs",
  });
}

/** The end of a node's output, at most five lines. */
function lastLines(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  } catch {
    return "";
  }
}
