import type { Driver } from "../core/action.ts";
import { HarnessError } from "../core/harness-error.ts";
import type { NodeAddress } from "../core/keeper-port.ts";
import { hereOnLoopback } from "../core/link-driver.ts";
import { kindOf, type LinkProxyServer } from "../core/link-proxy.ts";
import type { HttpTransport } from "../core/operation-answer.ts";
import type { Starting } from "./start-nodes.ts";
import type { Workshop } from "./workshop.ts";

/** Where every node that is started here is reached. */
export const host = "127.0.0.1";

/** Where nodes are, and the ports of the run. */
interface Places {
  readonly addresses: readonly NodeAddress[];
  readonly ports: ReturnType<Workshop["ports"]>;
}

/** The links of a target, with a proxy on each. */
export interface PlacedLinks {
  readonly driver: Driver;
  /** Where a link's bytes go in: a proxy's address, by the link's name. */
  readonly reach: ReadonlyMap<string, string>;
}

/** One proxy on each directed link of the plan, on the server that the request names: started for it, or there already. Throws `HarnessError` (exit 69). */
export async function placeLinks(starting: Starting, port: string, { addresses, ports }: Places): Promise<PlacedLinks> {
  const { workshop, request, signal, undo } = starting;
  const http = workshop.http();
  undo.push({ dispose: () => http.close() });
  const { proxy, plan } = request;
  const url = proxy.by === "url" ? proxy.url : await startServer(starting, { proxy, ports, send: http.send });
  // Nodes are on loopback, and so the server is on this machine: a plan for any other is refused before.
  const server = { url, run: request.runId, send: http.send, place: hereOnLoopback };
  const driver = workshop.links(kindOf(proxy), server);
  // On a server of our own the links end with its process; on another's they are taken away one by one.
  if (proxy.by === "url") undo.push(driver);
  const listen = await ports.take(plan.links.length);
  const links = plan.links.map((link, index) => ({
    link,
    port: listen[index] ?? 0,
    upstream: `${host}:${portOf(addresses, link.to, port)}`,
  }));
  const reach = await driver.populate(links, signal);
  // That a server says where it listens does not say that it can be reached: in a container it has a loopback of its own.
  const [first] = reach.values();
  if (proxy.by === "url" && first !== undefined) await workshop.reachable(first, signal);
  return { driver, reach };
}

interface Server {
  readonly proxy: Exclude<LinkProxyServer, { by: "url" }>;
  readonly ports: Places["ports"];
  readonly send: HttpTransport;
}

/** Starts a server for the run. Answers its URL. */
async function startServer(
  { workshop, request, observer, signal, undo }: Starting,
  { proxy, ports, send }: Server,
): Promise<string> {
  const run = request.runId;
  // Journalled before it is there: whoever heals removes it by its name.
  if (proxy.by === "container") observer.contained();
  const [port = 0] = proxy.by === "builtin" ? [] : await ports.take(1);
  const started = await workshop.startProxy({ by: proxy.by, run, port, send }, signal);
  undo.push(started);
  observer.spawned("proxy", started.process);
  started.onLost((how) => observer.lost("the proxy of the links", how));
  return started.url;
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
