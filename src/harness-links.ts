import { type Capability, capabilityNames } from "./core/capability.ts";
import { environmentVariable } from "./core/environment.ts";
import { HarnessError } from "./core/harness-error.ts";
import { kindOf, lackedBy, type LinkProxyServer, proxyAbilities, proxyText } from "./core/link-proxy.ts";
import type { Plan } from "./core/plan.ts";
import { parseProxyChoice, type ProxyChoice, toxiproxyVariable } from "./core/proxy-choice.ts";
import type { Target } from "./core/target.ts";
import { openHttp } from "./drivers/http.ts";
import { askProxyServer, isOnThisMachine } from "./drivers/proxy-server.ts";
import { containerProblem, toxiproxyImage } from "./drivers/toxiproxy-container.ts";
import { toxiproxyFile } from "./drivers/toxiproxy-process.ts";
import { capabilitiesUsed } from "./engine/plan.ts";
import { type LinkWork, linkWork } from "./engine/link-work.ts";
import { faults } from "./faults/index.ts";
import type { AskedSeries } from "./harness-series.ts";

// The part of the composition root that finds the proxy for the links of a plan, before anything is started.

/** The proxy that a plan gets, and what is to be said of it; or why the one that was asked for cannot be had. */
export type ProxyFound =
  | { readonly proxy: LinkProxyServer; readonly notes: readonly string[] }
  | { readonly refusal: string; readonly next: string };

/** What links are asked to bear. */
interface Wanted extends LinkWork {
  readonly capabilities: ReadonlySet<Capability>;
}

const builtin = { by: "builtin" } as const;
const hasIt = "--proxy builtin has it";

/** Finds the proxy of a plan. Of a server by URL one asks at most three things, each with a limit. */
export async function proxyFor(
  choice: ProxyChoice,
  { plan, target }: { readonly plan: Plan; readonly target: Target },
  signal: AbortSignal,
): Promise<ProxyFound> {
  // Without a link nothing is put anywhere, whatever was asked for.
  if (plan.links.length === 0) return { proxy: builtin, notes: [] };
  const capabilities = new Set([...capabilitiesUsed(plan, faults), ...plan.needs.capabilities]);
  return find(choice, { capabilities, ...linkWork(plan, { faults, files: target.files }) }, signal);
}

/** Finds the proxy of a playground, whose faults come by hand: `auto` takes only a server that has everything. */
export async function proxyForPlayground(choice: ProxyChoice, signal: AbortSignal): Promise<LinkProxyServer> {
  const capabilities = new Set(choice.kind === "auto" ? capabilityNames : []);
  const found = await find(choice, { capabilities, besideStalls: [], hasJitter: false }, signal);
  if ("proxy" in found) return found.proxy;
  throw refused(found);
}

/** Finds the proxies of all plans, each said once. Throws `HarnessError` (exit 69) for the first that cannot be had. */
export async function proxiesFor(
  series: readonly (Pick<AskedSeries, "proxy" | "request"> & { readonly plans: readonly Plan[] })[],
  signal: AbortSignal,
): Promise<{ readonly proxies: ReadonlyMap<Plan, LinkProxyServer>; readonly notes: readonly string[] }> {
  const proxies = new Map<Plan, LinkProxyServer>();
  const notes = new Set<string>();
  for (const { proxy: choice, plans, request } of series) {
    for (const plan of plans) {
      const found = await proxyFor(choice, { plan, target: request.target }, signal);
      if (!("proxy" in found)) throw refused(found);
      proxies.set(plan, found.proxy);
      for (const note of found.notes) notes.add(note);
    }
  }
  return { proxies, notes: [...notes] };
}

/** What `--proxy` has to say so that a run is repeated on the same proxy; null: nothing. */
export function sameProxy(choice: ProxyChoice, proxy: LinkProxyServer): string | null {
  if (proxy.by === "url") return proxy.url;
  if (proxy.by !== "builtin") return "toxiproxy";
  return choice.kind === "builtin" ? "builtin" : null;
}

async function find(choice: ProxyChoice, wanted: Wanted, signal: AbortSignal): Promise<ProxyFound> {
  switch (choice.kind) {
    case "builtin":
      return { proxy: builtin, notes: [] };
    case "url":
      return fitting(await serverAt(choice.text, signal), wanted);
    case "toxiproxy":
      return fitting(await startable(), wanted);
    case "auto":
      return named(wanted, signal);
  }
}

/** The server that the environment names, where it can do all; else the built-in one. */
async function named(wanted: Wanted, signal: AbortSignal): Promise<ProxyFound> {
  const text = environmentVariable(toxiproxyVariable);
  if (text === null) return { proxy: builtin, notes: [] };
  const choice = parseProxyChoice(text, toxiproxyVariable);
  if (choice.kind !== "url") return find(choice, wanted, signal);
  const found = fitting(await serverAt(text, signal), wanted);
  if ("proxy" in found) return { ...found, notes: found.notes.map((note) => `${note} (${toxiproxyVariable})`) };
  return { proxy: builtin, notes: [`the built-in proxy; ${toxiproxyVariable} was passed over: ${found.refusal}`] };
}

/** Whether a proxy can do what is wanted of it. */
function fitting(found: ProxyFound, wanted: Wanted): ProxyFound {
  if (!("proxy" in found)) return found;
  const { proxy } = found;
  const kind = kindOf(proxy);
  const lacked = [...lackedBy(kind, wanted.capabilities)];
  const { name, stallsBesideOthers, isSeeded } = proxyAbilities[kind];
  if (!stallsBesideOthers && wanted.besideStalls.length > 0) {
    lacked.push(`${name} needs a stall to be alone on its link (${wanted.besideStalls.join(", ")} at the same time)`);
  }
  if (lacked.length > 0) return { refusal: lacked.join("; "), next: hasIt };
  const unseeded =
    !isSeeded && wanted.hasJitter ? "; its jitter follows no seed: it is drawn there, anew in each run" : "";
  return { proxy, notes: [`${proxyText(proxy)}${unseeded}`] };
}

/** The server at a URL. */
async function serverAt(url: string, signal: AbortSignal): Promise<ProxyFound> {
  const http = openHttp();
  try {
    const found = await askProxyServer(url, http.send, signal);
    if ("problem" in found)
      return { refusal: `the proxy at ${url} cannot be used: ${found.problem}`, next: found.next };
    if (!(await isOnThisMachine(url))) {
      return {
        refusal: `the nodes are on 127.0.0.1, which the proxy at ${url} does not reach: it is not on this machine`,
        next: "start it on this machine, or --proxy toxiproxy or builtin",
      };
    }
    return { proxy: { by: "url", url, ...found }, notes: [] };
  } finally {
    await http.close();
  }
}

/** How a real server can be started here. */
async function startable(): Promise<ProxyFound> {
  if (toxiproxyFile() !== null) return { proxy: { by: "binary" }, notes: [] };
  const problem = await containerProblem();
  if (problem === null) return { proxy: { by: "container" }, notes: [] };
  return {
    refusal: `no real Toxiproxy can be started here: there is no toxiproxy-server in the PATH, and no container (${problem})`,
    next: `get toxiproxy-server (https://github.com/Shopify/toxiproxy/releases), or Docker for ${toxiproxyImage}; --proxy builtin needs neither`,
  };
}

function refused({ refusal, next }: { readonly refusal: string; readonly next: string }): HarnessError {
  return new HarnessError(refusal, { code: "proxy-lacks", exit: "unavailable", next });
}
